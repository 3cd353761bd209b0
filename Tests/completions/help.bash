# What the programs' own --help says; BUILD is where they are.

help_of() { # PROGRAM [COMMAND]
  if [ -n "${2:-}" ]; then "$BUILD/$1" help "$2"; else "$BUILD/$1" --help; fi
}

commands_in_help() { # of invoicectl, sorted
  { help_of invoicectl | awk '/SUBCOMMANDS:$/ { list = 1; next } /^[^ ]/ { list = 0 } list' |
    sed -nE 's/^  ([a-z]+)( .*|$)/\1/p'; echo help; } | sort
}

options_in_help() { # PROGRAM [COMMAND]: long ones, sorted
  help_of "$@" | grep -oE '^  (-[a-z], )?--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+' | sort
}
