# Completion of invoiced(8) for fish.
complete -c invoiced -f
complete -c invoiced -l config -rF -d 'the configuration file'
complete -c invoiced -l socket -rF -d 'the control socket'
complete -c invoiced -l watch-socket -rF -d 'a second, read-only socket'
complete -c invoiced -l state -xa '(__fish_complete_directories)' -d 'the folder of the database'
complete -c invoiced -l check-config -d 'check the configuration and the templates, and exit'
complete -c invoiced -l check-store -d 'check the whole database, and exit'
complete -c invoiced -l version -d 'show the version'
complete -c invoiced -s h -l help -d 'show the help text'
