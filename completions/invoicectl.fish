# Completion of invoicectl(1) for fish. Jobs, customers and invoices come from the daemon, with a timeout of two seconds;
# without an answer, nothing is offered.

# The words before the cursor that are neither options nor their values: the command, then its arguments.
function __invoicectl_words
    set -l option ''
    for word in (commandline -opc)[2..]
        if test -n "$option"
            # This one takes several.
            if test "$option" = --number
                string match -q -- '-*' $word; or continue
                set option ''
            else
                set option ''
                continue
            end
        end
        switch $word
            case --socket --locale --encoding --format --separator --cct --period --number --limit --pipeline --reason \
                    --occasion --series --test-to --request --patience --after --for --url
                set option $word
            case '-*'
            case '*'
                echo $word
        end
    end
end

# COMMAND [COUNT]: whether this is the command, with so many arguments behind it.
function __invoicectl_at -a command count
    set -l words (__invoicectl_words)
    test "$words[1]" = "$command"; or return
    test -n "$count"; or return 0
    test (count $words) -eq (math $count + 1); and not __invoicectl_numbers_go_on
end

function __invoicectl_has_no_command
    test -z (__invoicectl_words)[1]
end

# Whether the option before the cursor is --number, which takes several.
function __invoicectl_numbers_go_on
    for word in (commandline -opc)[-1..1]
        string match -q -- '-*' $word; or continue
        test $word = --number
        return
    end
    return 1
end

# ARGUMENT…: JSON lines from the daemon.
function __invoicectl_ask
    set -l words (commandline -opc)
    set -l socket
    if set -l index (contains -i -- --socket $words)
        set socket --socket (string replace -r '^~/' ~/ -- $words[(math $index + 1)])
    else if set -l joined (string match -r -- '^--socket=.*' $words)
        set socket $joined[1]
    end
    timeout 2 $words[1] $socket --json $argv 2>/dev/null </dev/null
end

# STATES, with | between them: the newest jobs in one of them, each with its state, pipeline and day.
function __invoicectl_jobs -a states
    __invoicectl_ask jobs | head -n 200 | string replace -rf \
        '.*"id":(\d+).*"pipeline":"([^"]*)","started_at":"([^T]*)T.*"state":"('$states')".*' '$1\t$4, $2, $3'
end

# KEY: of the invoices.
function __invoicectl_values -a key
    __invoicectl_ask invoices | string replace -rf '.*"'$key'":"([^"\\\\]*)".*' '$1' | sort -u
end

# [PATTERN]: invoices' numbers, each with its status, customer and period; only of those whose line matches.
function __invoicectl_numbers -a pattern
    __invoicectl_ask invoices | string match -re -- (test -n "$pattern"; and echo $pattern; or echo .) | string replace -rf \
        '.*"cct":"([^"\\\\]*)".*"number":"([^"\\\\]*)","period":"([^"]*)".*"status":"([^"]*)".*' '$2\t$4, $1, $3'
end

function __invoicectl_periods
    printf '%s\t%s\n' last 'the previous month' current 'this month'
    __invoicectl_values period
end

function __invoicectl_pipelines
    __invoicectl_ask status | string match -ra '"name":"[^"]*","sender":"[^"]*"' |
        string replace -r '"name":"(.*)","sender":"(.*)"' '$1\t$2'
end

# The deliveries of the preceding job that need a manual decision.
function __invoicectl_deliveries
    __invoicectl_ask show (__invoicectl_words)[2] --failed | string match -re '"state":"unknown"' | string replace -rf \
        '.*"cct":"([^"\\\\]*)".*"number":"([^"\\\\]*)".*"position":(\d+).*' '$3\t$2, $1'
    printf '%s\t%s\n' all 'every open delivery, after a restore'
end

complete -c invoicectl -f

complete -c invoicectl -l socket -rF -d 'the socket of the daemon'
complete -c invoicectl -l json -d 'print JSON lines for programs'
complete -c invoicectl -l locale -xa 'fr\tFrench en\tEnglish' -d 'language of the messages'
complete -c invoicectl -l version -d 'show the version'
complete -c invoicectl -s h -l help -d 'show the help text'

complete -c invoicectl -n __invoicectl_has_no_command -a import -d 'add the invoices of a manifest to the catalogue'
complete -c invoicectl -n __invoicectl_has_no_command -a invoices -d 'list the invoices in the catalogue and their status'
complete -c invoicectl -n __invoicectl_has_no_command -a invoice -d 'show one invoice, and the jobs that sent it or tried to'
complete -c invoicectl -n __invoicectl_has_no_command -a preview -d 'show the mail that would be sent for an invoice now'
complete -c invoicectl -n __invoicectl_has_no_command -a hold -d 'prevent an invoice from being sent until it is released'
complete -c invoicectl -n __invoicectl_has_no_command -a release -d 'release an invoice that is on hold'
complete -c invoicectl -n __invoicectl_has_no_command -a start -d 'send the invoices that are due'
complete -c invoicectl -n __invoicectl_has_no_command -a watch -d 'watch a job'
complete -c invoicectl -n __invoicectl_has_no_command -a jobs -d 'list the jobs, newest first'
complete -c invoicectl -n __invoicectl_has_no_command -a show -d 'show one job: its counts, holds and deliveries'
complete -c invoicectl -n __invoicectl_has_no_command -a history -d 'show who did what, when and why'
complete -c invoicectl -n __invoicectl_has_no_command -a export -d 'write deliveries with their receipts'
complete -c invoicectl -n __invoicectl_has_no_command -a pause -d 'pause a job'
complete -c invoicectl -n __invoicectl_has_no_command -a resume -d 'resume a paused job'
complete -c invoicectl -n __invoicectl_has_no_command -a cancel -d 'cancel a job'
complete -c invoicectl -n __invoicectl_has_no_command -a retry -d 'try the failed deliveries of a job again'
complete -c invoicectl -n __invoicectl_has_no_command -a resolve -d 'decide whether a delivery with an unknown outcome was sent'
complete -c invoicectl -n __invoicectl_has_no_command -a status -d 'show the daemon, its pipelines, and the unfinished jobs'
complete -c invoicectl -n __invoicectl_has_no_command -a backup -d 'copy the database into a file'
complete -c invoicectl -n __invoicectl_has_no_command -a web -d 'print an address that opens the page of invoiced-sse, once'
complete -c invoicectl -n __invoicectl_has_no_command -a help -d 'show the help text of a command'
complete -c invoicectl -n '__invoicectl_at help 0' -xa 'import invoices invoice preview hold release start watch jobs show
    history export pause resume cancel retry resolve status backup web'

for command in invoices start
    complete -c invoicectl -n "__invoicectl_at $command" -l cct -xa '(__invoicectl_values cct)' -d 'select the invoices of this customer'
    complete -c invoicectl -n "__invoicectl_at $command" -l number -xa '(__invoicectl_numbers)' -d 'select the invoices with these numbers'
    complete -c invoicectl -n "__invoicectl_at $command" -l limit -x -d 'select at most this many'
end
complete -c invoicectl -n __invoicectl_numbers_go_on -a '(__invoicectl_numbers)'
for command in invoices start export
    complete -c invoicectl -n "__invoicectl_at $command" -l period -xa '(__invoicectl_periods)' -d 'select the invoices of this month'
end
for command in start watch
    complete -c invoicectl -n "__invoicectl_at $command" -l patience -x -d 'seconds to wait for the daemon to come back'
end
for command in import export
    complete -c invoicectl -n "__invoicectl_at $command" -l format -xa 'csv jsonl' -d 'the format'
end
complete -c invoicectl -n '__invoicectl_at export' -l separator -xa 'comma semicolon tab' -d 'separator between CSV fields'
for command in invoice preview
    complete -c invoicectl -n "__invoicectl_at $command 0" -a '(__invoicectl_numbers)'
end
for command in watch show history export resolve
    complete -c invoicectl -n "__invoicectl_at $command 0" -ka '(__invoicectl_jobs "running|paused|waiting|completed|cancelled")'
end

complete -c invoicectl -n '__invoicectl_at import 0' -F
complete -c invoicectl -n '__invoicectl_at import' -l skip-bad -d 'import the good lines even if there are bad ones'
complete -c invoicectl -n '__invoicectl_at import' -l encoding -d 'encoding of the manifest' \
    -xa 'utf-8 utf-16le utf-16be windows-1252 iso-8859-1 macintosh cp850'
complete -c invoicectl -n '__invoicectl_at invoices' -l unsent -d 'list only invoices that have not been sent'
complete -c invoicectl -n '__invoicectl_at invoices' -l failed -d 'list only invoices whose newest delivery failed'
complete -c invoicectl -n '__invoicectl_at invoices' -l unknown -d 'list only invoices with an unknown outcome'
complete -c invoicectl -n '__invoicectl_at preview' -l pipeline -xa '(__invoicectl_pipelines)' -d 'use the templates of this pipeline'
complete -c invoicectl -n '__invoicectl_at preview' -l html -d 'print the HTML body instead'
complete -c invoicectl -n '__invoicectl_at hold 0' \
    -a '(__invoicectl_numbers \'"status":"(due|failed|pending|prepared|skipped|cancelled)"\')'
complete -c invoicectl -n '__invoicectl_at hold' -l reason -x -d 'the reason, which is shown with the invoice'
complete -c invoicectl -n '__invoicectl_at release 0' -a '(__invoicectl_numbers \'"held":\')'
complete -c invoicectl -n '__invoicectl_at start 0' -a '(__invoicectl_pipelines)'
complete -c invoicectl -n '__invoicectl_at start' -l all -d 'select every invoice that is due'
complete -c invoicectl -n '__invoicectl_at start' -l occasion -x -d 'send the same invoices again for another occasion'
complete -c invoicectl -n '__invoicectl_at start' -l series -x -a new -d 'the series that a new pipeline continues'
complete -c invoicectl -n '__invoicectl_at start' -l dry-run -d 'check everything, but send nothing'
complete -c invoicectl -n '__invoicectl_at start' -l test-to -x -d 'send everything to this address only'
complete -c invoicectl -n '__invoicectl_at start' -l resend -d 'also send invoices that were already sent'
complete -c invoicectl -n '__invoicectl_at start' -l reason -x -d 'the reason for sending them again'
complete -c invoicectl -n '__invoicectl_at start' -l yes -d 'do not ask for confirmation'
complete -c invoicectl -n '__invoicectl_at start' -l detach -d 'do not wait'
complete -c invoicectl -n '__invoicectl_at start' -l request -x -d 'identify this request'
complete -c invoicectl -n '__invoicectl_at watch' -l after -x -d 'resume after this event'
complete -c invoicectl -n '__invoicectl_at show' -l failed -d 'show only deliveries that failed or are unknown'
complete -c invoicectl -n '__invoicectl_at history' -l number -xa '(__invoicectl_numbers)' -d 'show the history of this invoice'
complete -c invoicectl -n '__invoicectl_at pause 0' -ka '(__invoicectl_jobs running)'
complete -c invoicectl -n '__invoicectl_at resume 0' -ka '(__invoicectl_jobs paused)'
complete -c invoicectl -n '__invoicectl_at cancel 0' -ka '(__invoicectl_jobs "running|paused|waiting")'
complete -c invoicectl -n '__invoicectl_at retry 0' -ka '(__invoicectl_jobs "running|paused|waiting|completed")'
complete -c invoicectl -n '__invoicectl_at retry' -l include-permanent -d 'also retry deliveries whose cause does not go away by itself'
complete -c invoicectl -n '__invoicectl_at resolve 1' -ka '(__invoicectl_deliveries)'
complete -c invoicectl -n '__invoicectl_at resolve 2' -xa 'sent not-sent'
complete -c invoicectl -n '__invoicectl_at resolve' -l force -d 'decide not-sent even if the draft is gone'
complete -c invoicectl -n '__invoicectl_at backup 0' -F
complete -c invoicectl -n '__invoicectl_at backup' -l force -d 'replace the file if it exists'
complete -c invoicectl -n '__invoicectl_at web' -l for -x -d 'create the address for another user'
complete -c invoicectl -n '__invoicectl_at web' -l url -x -d 'the address of the page as seen by that browser'
