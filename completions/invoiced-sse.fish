# Completion of invoiced-sse(8) for fish.
complete -c invoiced-sse -f
complete -c invoiced-sse -l socket -rF -d 'the socket of the daemon'
complete -c invoiced-sse -l listen -xa '127.0.0.1:8025 unix:/' -d 'the address to listen on'
complete -c invoiced-sse -l host -x -d 'a host name that browsers may use'
complete -c invoiced-sse -l prefix -x -d 'the path of the page below a host'
complete -c invoiced-sse -l start -x -d 'who may start and change jobs'
complete -c invoiced-sse -l tokens -rF -d 'file with bearer tokens'
complete -c invoiced-sse -l user-header -x -d 'header in which a proxy passes the name of the user'
complete -c invoiced-sse -l proxy-secret -rF -d 'file with the secret that the proxy sends'
complete -c invoiced-sse -l max-readers -x -d 'maximum number of open streams'
complete -c invoiced-sse -l version -d 'show the version'
complete -c invoiced-sse -s h -l help -d 'show the help text'
