"""The real programs, on a folder of their own: the stand-in for Gmail, the daemon, invoiced-sse, invoicectl."""
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.request

PROJECT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD") or PROJECT / ".build/debug")
# Seconds: a program that is not ready then is broken, not slow.
PATIENCE = 60


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class World:
    def __init__(self, latency_ms=60):
        # Short: a socket's path has at most 107 bytes (unix(7)).
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="invoiced-", dir="/tmp"))
        self.processes = {}
        # Further names, with their ports, that invoiced-sse goes by.
        self.hosts = []
        self.port = free_port()
        for name in ("inbox", "state", "templates", "credentials"):
            (self.folder / name).mkdir()
        (self.folder / "templates/invoice.fr.txt").write_text("Facture {{number}}\n")
        (self.folder / "inbox/invoice.pdf").write_bytes(next((PROJECT / "examples/month/pdf").glob("*.pdf")).read_bytes())
        self.sandbox(latency_ms)
        self.daemon()

    def close(self):
        for name in list(self.processes):
            self.stop(name, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    # Programs

    def start(self, name, ready, program, *arguments, **environment):
        log = open(self.folder / f"{name}.log", "ab")
        end = time.monotonic() + PATIENCE
        self.processes[name] = process = subprocess.Popen(
            [BUILD / program, *map(str, arguments)], stdout=log, stderr=log, env={**os.environ, **environment})
        while not ready():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{program}: {(self.folder / f'{name}.log').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self, name, number=signal.SIGTERM):
        process = self.processes.pop(name)
        process.send_signal(number)
        return process.wait(PATIENCE)

    def sandbox(self, latency_ms):
        folder = self.folder / "sandbox"
        url = folder / "url"
        self.start("sandbox", lambda: url.exists() and url.stat().st_size, "invoiced-sandbox", "--state", folder,
                   "--port", 0, "--latency-ms", latency_ms, "--account", "facturation@modele.example",
                   "--units-per-minute", 0)
        self.gmail = url.read_text().strip()
        shutil.copy(folder / "authorized_user.json", self.folder / "credentials/gmail")

    def rule(self, rule):
        """The next way in which the stand-in is nasty (docs/sandbox.md)."""
        request = urllib.request.Request(self.gmail + "/sandbox/scenario", json.dumps({"rules": [rule]}).encode())
        context = ssl.create_default_context(cafile=self.folder / "sandbox/ca.pem")
        urllib.request.urlopen(request, context=context, timeout=PATIENCE).close()

    def daemon(self, pipeline="invoices"):
        folder = self.folder
        (folder / "invoiced.yaml").write_text(json.dumps({  # JSON is YAML
            "timezone": "UTC", "files": [str(folder / "inbox")], "templates": [str(folder / "templates")],
            "pipelines": {pipeline: {
                "select": {"use": "catalogue"},
                "render": {"use": "template", "subject": "Facture {{number}}", "text": "invoice.{language}.txt"},
                "send": {"use": "gmail", "api_root": self.gmail, "token_uri": self.gmail + "/token",
                         "ca_file": str(folder / "sandbox/ca.pem"), "units_per_minute": 1200000},
                "record": [{"use": "catalogue"}]}}}))
        self.start("daemon", lambda: self.try_ctl("status"), "invoiced", "--config", folder / "invoiced.yaml",
                   "--state", folder / "state", "--socket", folder / "socket",
                   CREDENTIALS_DIRECTORY=str(folder / "credentials"))

    def adapter(self, start="*", *options):
        """invoiced-sse, whose page these names may start jobs with."""
        log = self.folder / "adapter.log"
        begun = log.stat().st_size if log.exists() else 0
        self.start("adapter", lambda: b"is ready" in log.read_bytes()[begun:], "invoiced-sse",
                   "--socket", self.folder / "socket", "--listen", f"127.0.0.1:{self.port}", "--start", start,
                   *(f"--host={host}" for host in self.hosts), *options)

    # invoicectl

    def run_ctl(self, *arguments):
        return subprocess.run([BUILD / "invoicectl", "--socket", self.folder / "socket", *map(str, arguments)],
                              capture_output=True, text=True, timeout=PATIENCE)

    def try_ctl(self, *arguments):
        return self.run_ctl(*arguments).returncode == 0

    def ctl(self, *arguments, status=(0,)):
        """What it prints, of a command that ends with one of these."""
        end = self.run_ctl(*arguments)
        if end.returncode not in status:
            raise RuntimeError(f"invoicectl {arguments} ended with {end.returncode}: {end.stdout}{end.stderr}")
        return end.stdout

    def json(self, *arguments, status=(0,)):
        return [json.loads(line) for line in self.ctl("--json", *arguments, status=status).splitlines()]

    def import_invoices(self, count, prefix, period="2026-10", refused=()):
        lines = ["number;cct;period;file;to"]
        for number in range(1, count + 1):
            name = "reject" if number in refused else f"c{number}"
            lines.append(f"{prefix}{number:03};CCT{number % 20:03};{period};invoice.pdf;{name}@customer.example")
        (self.folder / "inbox/month.csv").write_text("\n".join(lines) + "\n")
        self.ctl("import", self.folder / "inbox/month.csv")

    def events(self, job):
        """The daemon's own log of a job."""
        epoch = self.json("status")[0]["epoch"]
        return self.json("watch", job, "--after", f"{epoch}.0", status=(0, 2, 4, 6))


class Relay:
    """A TCP connection in the middle, which can be cut; and a page of its own beside what it relays."""

    page = ""

    def __init__(self, target):
        self.target = target
        self.open = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                inner = self.listener.accept()[0]
            except OSError:
                return
            if inner.recv(9, socket.MSG_PEEK) == b"GET /own?":
                body = self.page.encode()
                inner.recv(65536)
                inner.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
                              b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
                inner.close()
                continue
            try:
                outer = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                inner.close()
                continue
            self.open += [inner, outer]
            for pair in ((inner, outer), (outer, inner)):
                threading.Thread(target=self.copy, args=pair, daemon=True).start()

    @staticmethod
    def copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        while self.open:
            connection = self.open.pop()
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()

    def close(self):
        self.listener.close()
        self.cut()
