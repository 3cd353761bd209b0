# Sourced by the scripts in t/: how they state facts. A script ends with 1 when a fact did not hold.
set -uo pipefail
failed=0
trap '[ $failed = 0 ] || exit 1' EXIT

fact() { # TEXT COMMAND…: the fact holds when the command succeeds; else its output is shown
  local text=$1 output
  shift
  if output=$("$@" 2>&1); then echo "ok - $text"; else
    failed=1
    echo "not ok - $text"
    echo "  command: $*"
    [ -z "$output" ] || sed 's/^/  /' <<<"$output"
  fi
}

same() { # EXPECTED ACTUAL
  [ "$1" = "$2" ] || { printf 'expected: %s\nactual:   %s\n' "$1" "$2"; return 1; }
}

silent() { # COMMAND…: succeeds and prints nothing
  local output
  output=$("$@" 2>&1) && [ -z "$output" ] || { printf '%s\n' "$output"; return 1; }
}

fails() { ! "$@"; }

soon() { # COMMAND…: succeeds within 30 seconds, on a busy machine too
  local deadline=$((SECONDS + 30))
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || { "$@"; return 1; }
    sleep 0.1
  done
}

afresh() { # stops the daemon, and removes its state and what an earlier script configured
  systemctl stop invoiced.socket invoiced.service
  rm -rf /etc/systemd/system/invoiced.service.d /var/lib/invoiced/{store.db*,inbox/*} /etc/invoiced/credentials/*
  systemctl daemon-reload
  systemctl reset-failed
}

state() { systemctl show -P "$1" invoiced.service; } # PROPERTY

journal() { # what the daemon wrote, one JSON object a line
  journalctl --sync
  journalctl -u invoiced.service -o json --all --no-pager _COMM=invoiced "$@"
}
