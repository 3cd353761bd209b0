"""typed.py zsh|bash FOLDER LINE: types LINE and a TAB into an interactive shell on a terminal.

zsh: prints what it offers, one "match<TAB>description" a line. bash: prints the line as TAB has completed it.
The completions are FOLDER's.
"""
import fcntl, os, pty, select, struct, sys, termios, time

LIMIT = 20  # seconds: a slow machine, and the two that a completion may take

shell, folder, line = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
begin, end = "THE-" "BEGINNING\n", "THE-" "END"

pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "dumb" if shell == "bash" else "xterm"
    arguments = {"zsh": ["zsh", "-f", "-i"], "bash": ["bash", "--noprofile", "--norc", "-i"]}[shell]
    os.execvp(arguments[0], arguments)
# Nothing is to be cut or wrapped.
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 1000, 0, 0))
seen = ""


def type_text(text):
    os.write(terminal, text.encode())


def read_until(mark):
    global seen
    deadline = time.monotonic() + LIMIT
    while mark not in seen:
        if not select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0]:
            sys.exit(f"{shell} did not come to {mark!r}: {seen!r}")
        try:
            seen += os.read(terminal, 65536).decode(errors="replace").replace("\r", "")
        except OSError:
            sys.exit(f"{shell} ended before {mark!r}: {seen!r}")
    before, _, seen = seen.partition(mark)
    return before


if shell == "zsh":
    type_text(f"PS1=; fpath=('{folder}' $fpath); autoload -U compinit; compinit -u -D; source '{here}/capture.zsh'\n")
    type_text("echo THE-''SHELL\n")
    read_until("THE-SHELL\n")
    type_text(line + "\t")
    read_until(begin)
    print(read_until(end), end="")
else:
    type_text(f"PS1=; source '{folder}/invoicectl.bash'; bind 'set bell-style none'\n")
    type_text("echo THE-''SHELL\n")
    read_until("THE-SHELL\n")
    # Into quotes with it: ^A is the beginning of the line, ^E its end.
    type_text(line + "\t\x01echo THE-''BEGINNING; echo '\x05'; echo THE-''END\n")
    read_until(begin)
    print(read_until(end), end="")
os.close(terminal)
