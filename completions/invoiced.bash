# Completion of invoiced(8) and invoiced-sse(8) for bash; it needs no bash-completion.

_invoiced() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} options
  COMPREPLY=()
  # bash makes three words of --option=value.
  if [ "$word" = = ]; then word=''; elif [ "$before" = = ]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi
  case ${COMP_WORDS[0]##*/} in
    invoiced) options='--config --socket --watch-socket --state --check-config --check-store --version --help' ;;
    *)
      options='--socket --listen --host --prefix --start --tokens --user-header --proxy-secret --max-readers'
      options+=' --version --help'
      ;;
  esac
  case $before in
    --config | --socket | --watch-socket | --tokens | --proxy-secret)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      ;;
    --state)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$word")
      ;;
    --listen) mapfile -t COMPREPLY < <(compgen -W 'unix:/' -- "$word") ;;
    --host | --prefix | --start | --user-header | --max-readers) ;;
    *) [[ $word != -* ]] || mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word") ;;
  esac
}

complete -F _invoiced invoiced invoiced-sse
