# Makes TAB print what is offered instead of offering it, and leave.
compadd() {
  # -O, -A, -D: a function asks what would match, and offers nothing yet.
  if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
    builtin compadd "$@"
    return
  fi
  local -a matches descriptions
  local named index
  if (( index = ${@[(I)-d]} )); then
    named=${@[index + 1]}
    if [[ $named = \(* ]]; then eval "descriptions=$named"; else descriptions=("${(@P)named}"); fi
  fi
  builtin compadd -A matches -D descriptions "$@"
  for ((index = 1; index <= $#matches; index++)); do print -r -- "${matches[index]}"$'\t'"${descriptions[index]}"; done
  builtin compadd "$@"
}

begin() { print THE-BEGINNING; }
finish() { print THE-END; exit; }
compprefuncs=(begin)
comppostfuncs=(finish)
bindkey '^I' complete-word
zstyle ':completion:*' verbose yes
# A completion that offers nothing has to end, too.
zstyle ':completion:*' completer _complete
