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

afresh() { # stops the daemon and what goes with it, and removes its state and what an earlier script configured
  systemctl stop 'invoiced*'
  rm -rf /etc/systemd/system/invoiced*.d /etc/systemd/system/invoiced-*@*.service /etc/invoiced/credentials/*
  rm -rf /var/lib/invoiced/{store.db*,epoch,maildir,inbox/*}
  systemctl daemon-reload
  systemctl reset-failed
}

drop_in() { # UNIT NAME: from standard input
  mkdir -p "/etc/systemd/system/$1.d"
  cat >"/etc/systemd/system/$1.d/$2.conf"
  systemctl daemon-reload
}

state() { systemctl show -P "$1" invoiced.service; } # PROPERTY

journal() { # what the daemon wrote, one JSON object a line
  journalctl --sync
  journalctl -u invoiced.service -o json --all --no-pager _COMM=invoiced "$@"
}

inbox=/var/lib/invoiced/inbox
gmail=/var/lib/gmail

manifest() { # COUNT [PERIOD] [PREFIX]: that many invoices, F-1 and so on, in the inbox, to be imported by import_manifest
  local i
  printf '%%PDF-1.4\ninvoice\n' >$inbox/invoice.pdf
  for ((i = 1; i <= $1; i++)); do
    echo "{\"number\":\"${3:-F}-$i\",\"cct\":\"CCT$i\",\"period\":\"${2:-2026-10}\",\"file\":\"invoice.pdf\",\"to\":\"c$i@example.com\",\"language\":\"fr\",\"customer\":\"Zoé\",\"amount\":\"1,00\",\"due_date\":\"2026-11-30\",\"reference\":\"+++1+++\",\"note\":\"\"}"
  done >$inbox/manifest.jsonl
}

import_manifest() { invoicectl import $inbox/manifest.jsonl; }

configure() { # the stage `send` as YAML: a pipeline whose waiting times are short
  cat >/etc/invoiced/invoiced.yaml <<YAML
timezone: UTC
pipelines:
  invoices:
    select: {use: catalogue}
    render: {use: template, subject: "Facture {{number}}", text: "invoice.{language}.txt"}
    send: $1
YAML
}

maildir='{use: maildir, path: /var/lib/invoiced/maildir, from: "facturation@example.be", delivers: true}'

configure_gmail() { # the stand-in that stand_in started
  configure "{use: gmail, api_root: \"$(cat $gmail/url)\", token_uri: \"$(cat $gmail/url)/token\", ca_file: /etc/invoiced/ca.pem, settle: 1s, second_look: 100ms, look_again: 1s}"
}

stand_in() { # OPTION…: a stand-in for Gmail, with the daemon configured for it; its credential is left to be installed
  systemctl stop gmail.service 2>/dev/null
  rm -rf $gmail
  systemd-run --quiet --unit=gmail invoiced-sandbox --state $gmail --port 0 --units-per-minute 0 "$@"
  fact "the stand-in for Gmail listens" soon test -s $gmail/url
  install -m 644 $gmail/ca.pem /etc/invoiced/ca.pem
  configure_gmail
}

credential() { install -m 600 $gmail/authorized_user.json /etc/invoiced/credentials/gmail.json; }

delivered() { grep -c '"event":"delivered"' $gmail/log.jsonl; }
at_least() { [ "$(delivered)" -ge "$1" ]; } # MAILS
mails_of() { grep '"event":"delivered"' $gmail/log.jsonl | grep -o '"subject":"[^"]*"' | sort -u | wc -l; }

starts() { # how often a daemon became ready (MessageID.daemonStarted)
  journalctl --sync
  journalctl -u invoiced.service MESSAGE_ID=8d61c30b3f5f4410b9febd53e757e427 -o cat --no-pager | wc -l
}
