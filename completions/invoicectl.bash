# Completion of invoicectl(1) for bash; it needs no bash-completion. Jobs, customers and invoices come
# from the daemon, with a timeout of two seconds; without an answer, nothing is offered.

_invoicectl_ask() { # ARGUMENT…: JSON lines from the daemon
  timeout 2 "${COMP_WORDS[0]}" "${_invoicectl_socket[@]}" --json "$@" 2>/dev/null </dev/null
}

_invoicectl_jobs() { # STATES, with | between them: the newest jobs in one of them
  _invoicectl_ask jobs | head -n 200 | sed -nE 's/.*"id":([0-9]+).*"state":"('"$1"')".*/\1/p'
}

_invoicectl_values() { # KEY [PATTERN]: of the invoices, only of those whose line matches
  _invoicectl_ask invoices | grep -E "${2:-.}" | sed -nE 's/.*"'"$1"'":"([^"\\]*)".*/\1/p' | sort -u
}

_invoicectl_pipelines() { _invoicectl_ask status | grep -oE '"name":"[^"]*","sender"' | cut -d '"' -f 4; }

_invoicectl_deliveries() { # JOB: its deliveries that need a manual decision
  _invoicectl_ask show "$1" --failed | sed -nE '/"state":"unknown"/s/.*"position":([0-9]+).*/\1/p'
  echo all
}

_invoicectl_offer() { # reads lines, and offers those that begin with the word; quoted, where the shell needs that
  local line
  while IFS= read -r line; do
    [[ $line != "$_invoicectl_word"* ]] || COMPREPLY+=("$(printf %q "$line")")
  done
}

_invoicectl_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$_invoicectl_word")
}

_invoicectl_value() { # OPTION: what it may be
  case $1 in
    --socket) _invoicectl_files ;;
    --locale) _invoicectl_offer < <(printf '%s\n' fr en) ;;
    --encoding) _invoicectl_offer < <(printf '%s\n' utf-8 utf-16le utf-16be windows-1252 iso-8859-1 macintosh cp850) ;;
    --format) _invoicectl_offer < <(printf '%s\n' csv jsonl) ;;
    --separator) _invoicectl_offer < <(printf '%s\n' comma semicolon tab) ;;
    --cct) _invoicectl_offer < <(_invoicectl_values cct) ;;
    --number) _invoicectl_offer < <(_invoicectl_values number) ;;
    --period) _invoicectl_offer < <(printf '%s\n' last current; _invoicectl_values period) ;;
    --pipeline) _invoicectl_offer < <(_invoicectl_pipelines) ;;
  esac
}

_invoicectl_argument() { # COMMAND BEFORE…: what may stand there, behind the arguments before
  local job='running|paused|waiting|completed|cancelled'
  case $1:$(($# - 1)) in
    import:0 | backup:0) _invoicectl_files ;;
    invoice:0 | preview:0) _invoicectl_offer < <(_invoicectl_values number) ;;
    hold:0) _invoicectl_offer < <(_invoicectl_values number '"status":"(due|failed|pending|prepared|skipped|cancelled)"') ;;
    release:0) _invoicectl_offer < <(_invoicectl_values number '"held":') ;;
    start:0) _invoicectl_offer < <(_invoicectl_pipelines) ;;
    watch:0 | show:0 | history:0 | export:0) _invoicectl_offer < <(_invoicectl_jobs "$job") ;;
    pause:0) _invoicectl_offer < <(_invoicectl_jobs running) ;;
    resume:0) _invoicectl_offer < <(_invoicectl_jobs paused) ;;
    cancel:0) _invoicectl_offer < <(_invoicectl_jobs 'running|paused|waiting') ;;
    retry:0) _invoicectl_offer < <(_invoicectl_jobs 'running|paused|waiting|completed') ;;
    resolve:0) _invoicectl_offer < <(_invoicectl_jobs "$job") ;;
    resolve:1) _invoicectl_offer < <(_invoicectl_deliveries "$2") ;;
    resolve:2) _invoicectl_offer < <(printf '%s\n' sent not-sent) ;;
    help:0) _invoicectl_offer < <(printf '%s\n' "${_invoicectl_commands[@]}") ;;
  esac
}

_invoicectl_options() { # COMMAND
  printf '%s\n' --socket --json --locale --version --help
  case $1 in
    import) printf '%s\n' --skip-bad --encoding --format ;;
    invoices) printf '%s\n' --cct --period --number --limit --unsent --failed --unknown ;;
    preview) printf '%s\n' --pipeline --html ;;
    hold) printf '%s\n' --reason ;;
    start)
      printf '%s\n' --cct --period --number --limit --all --occasion --series --dry-run --test-to --resend --reason --yes \
        --detach --request --patience
      ;;
    watch) printf '%s\n' --after --patience ;;
    show) printf '%s\n' --failed ;;
    history) printf '%s\n' --number ;;
    export) printf '%s\n' --period --format --separator ;;
    retry) printf '%s\n' --include-permanent ;;
    resolve | backup) printf '%s\n' --force ;;
    web) printf '%s\n' --for --url ;;
  esac
}

_invoicectl() {
  local _invoicectl_word=${COMP_WORDS[COMP_CWORD]} _invoicectl_socket=() command='' option='' arguments=() word
  local _invoicectl_commands=(import invoices invoice preview hold release start watch jobs show history export pause resume
    cancel retry resolve status backup web help)
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    # bash makes three words of --option=value.
    [ "$word" != = ] || continue
    if [ -n "$option" ] && [[ $option:$word != --number:-* ]]; then
      [ "$option" != --socket ] || _invoicectl_socket=(--socket "${word/#~\//$HOME/}")
      # This one takes several.
      [ "$option" = --number ] || option=''
      continue
    fi
    option=''
    case $word in
      --socket | --locale | --encoding | --format | --separator | --cct | --period | --number | --limit | --pipeline | \
        --reason | --occasion | --series | --test-to | --request | --patience | --after | --for | --url) option=$word ;;
      -*) ;;
      *) if [ -z "$command" ]; then command=$word; else arguments+=("$word"); fi ;;
    esac
  done
  [ "$_invoicectl_word" != = ] || _invoicectl_word=''
  if [ -n "$option" ] && [[ $option:$_invoicectl_word != --number:-* ]]; then
    _invoicectl_value "$option"
  elif [[ $_invoicectl_word = -* ]]; then
    _invoicectl_offer < <(_invoicectl_options "$command")
  elif [ -z "$command" ]; then
    _invoicectl_offer < <(printf '%s\n' "${_invoicectl_commands[@]}")
  else
    _invoicectl_argument "$command" "${arguments[@]}"
  fi
}

complete -F _invoicectl invoicectl
