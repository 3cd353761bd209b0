# Aims are reported; the bench goes on where one is missed.

aim() { # TEXT VALUE AIM: whether the value is no more than the aim
  if awk -v a="$2" -v b="$3" 'BEGIN { exit !(a <= b) }'; then
    echo "as aimed: $1: $2, at most $3"
  else
    echo "MISSED:   $1: $2, more than $3"
  fi
}
