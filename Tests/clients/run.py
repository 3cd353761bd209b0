"""What others make of the stream: each sees the daemon's own events, ids and bytes, and at once."""
import getpass
import http.client
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import traceback
import zlib

from programs import PROJECT, World, free_port

TOKEN = "0123456789abcdef-clients"
HERE = pathlib.Path(__file__).parent


def newest(world):
    return world.json("jobs")[0]["id"]


def log(world, job):
    """Lines of the daemon's own log, and the ids in it."""
    epoch = world.json("status")[0]["epoch"]
    lines = world.ctl("--json", "watch", job, "--after", f"{epoch}.0", status=(0, 2, 4, 6)).splitlines()
    return [(json.loads(line)["kind"], json.loads(line)["id"], line) for line in lines]


def read_stream(reply, until=("complete",)):
    """Events of a stream with the moments at which they came (WHATWG HTML, "Interpreting an event stream")."""
    name, identifier, data, found = "", None, [], []
    for line in reply:
        line = line.decode().rstrip("\n")
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                found.append((name, identifier, "\n".join(data), time.monotonic()))
                if name in until:
                    return found
            name, data = "", []
        elif field == "event":
            name = value
        elif field == "id":
            identifier = value
        elif field == "data":
            data.append(value)
    return found


def unzipped(reply):
    """Lines of a reply that is compressed, as soon as they can be read."""
    inflater, text = zlib.decompressobj(16 + zlib.MAX_WBITS), b""
    while part := reply.read1():
        *lines, text = (text + inflater.decompress(part)).split(b"\n")
        yield from (line + b"\n" for line in lines)


def open_stream(port, path, headers, context=None):
    kind = http.client.HTTPSConnection if context else http.client.HTTPConnection
    connection = kind("127.0.0.1", port, timeout=60, **({"context": context} if context else {}))
    connection.request("GET", path, headers=headers)
    reply = connection.getresponse()
    assert reply.status == 200, f"{reply.status} {reply.read()}"
    return reply


def started(world, count, prefix):
    world.import_invoices(count, prefix)
    epoch = world.json("status")[0]["epoch"]
    world.ctl("start", "--all", "--yes", "--detach")
    return newest(world), epoch


def bearer():
    return {"Authorization": f"Bearer {TOKEN}"}


def foreign_clients(world, _):
    job, epoch = started(world, 60, "A")
    path = f"/jobs/{job}/events?after={epoch}.0"
    address = f"http://127.0.0.1:{world.port}{path}"
    node = subprocess.Popen(["node", HERE / "eventsource.js", address, TOKEN], stdout=subprocess.PIPE, text=True)
    curl = subprocess.Popen(["curl", "-sSN", "-m", "60", "-H", f"Authorization: Bearer {TOKEN}", address],
                            stdout=subprocess.PIPE)
    python = [event[:3] for event in read_stream(open_stream(world.port, path, bearer()))]
    expected = log(world, job)
    assert len(expected) == 62, len(expected)
    assert python == expected, f"python: {len(python)} of {len(expected)}"
    by_curl = [event[:3] for event in read_stream(curl.communicate(timeout=60)[0].splitlines(keepends=True))]
    assert by_curl == expected, f"curl: {len(by_curl)} of {len(expected)}"
    lines = map(json.loads, node.communicate(timeout=60)[0].splitlines())
    by_node = [(line["name"], line["id"], line["data"]) for line in lines]
    assert by_node == expected, f"node: {len(by_node)} of {len(expected)}"


def newlines_make_no_event(world, _):
    nasty = "C\ndata: x\n\nevent: complete\rid: 9"
    invoice = {"number": "N1", "cct": "CCT1", "period": "2026-10", "file": "invoice.pdf",
               "to": "reject@customer.example", "client": nasty}
    (world.folder / "inbox/nasty.jsonl").write_text(json.dumps(invoice) + "\n")
    world.ctl("import", world.folder / "inbox/nasty.jsonl", status=(0, 1))
    # In a field of the mail's template, too: its error is part of an event.
    epoch = world.json("status")[0]["epoch"]
    world.ctl("start", "--all", "--yes", status=(0, 2))
    job = newest(world)
    found = read_stream(open_stream(world.port, f"/jobs/{job}/events?after={epoch}.0", bearer()))
    assert [event[:3] for event in found] == log(world, job)
    assert [event[0] for event in found] == ["start", "progress", "complete"], found


def nginx_passes_at_once(world, nginx):
    world.import_invoices(150, "G")
    headers = {"Host": nginx.host, "Authorization": nginx.login, "Accept-Encoding": "gzip"}
    epoch = world.json("status")[0]["epoch"]
    world.ctl("start", "--all", "--yes", "--detach")
    job = newest(world)
    path = f"/jobs/{job}/events?after={epoch}.0"
    direct = []
    thread = threading.Thread(target=lambda: direct.extend(read_stream(open_stream(world.port, path, bearer()))))
    thread.start()
    reply = open_stream(nginx.port, path, headers, nginx.context)
    proxied = read_stream(unzipped(reply) if reply.headers["Content-Encoding"] == "gzip" else reply)
    thread.join()
    expected = log(world, job)
    assert [event[:3] for event in proxied] == expected
    late = max(through[3] - straight[3] for through, straight in zip(proxied, direct))
    lasted = direct[-1][3] - direct[0][3]
    # Held back to a full buffer or the end, the first would be late by most of the job.
    assert lasted > 3 and late < lasted / 2, f"{late:.2f} s late in a job of {lasted:.2f} s"


def nginx_logs_in(world, nginx):
    host = {"Host": nginx.host}
    status, _, _ = nginx.ask("GET", "/session", host)
    assert status == 401, status
    forged = {**host, "Authorization": nginx.login, "X-Remote-User": "mallory"}
    status, _, body = nginx.ask("GET", "/session", forged)
    assert status == 200 and json.loads(body) == {"name": "anna", "may_start": True}, body
    world.import_invoices(3, "L")
    own = {**forged, "X-Invoiced": "1", "Content-Type": "application/json", "Origin": f"https://{nginx.host}"}
    status, _, body = nginx.ask("POST", "/jobs", own, '{"request":"clients-1","all":true}')
    assert status == 201, body
    by = world.json("jobs")[0]["started_by"]["name"]
    assert by == f"anna via {getpass.getuser()}", by
    connection = http.client.HTTPConnection("127.0.0.1", world.port)
    connection.request("GET", "/session", headers={"X-Remote-User": "anna"})
    assert connection.getresponse().status == 403, "a forged name was believed"


def nginx_redirects(_, nginx):
    login = {"Host": nginx.host, "Authorization": nginx.login}
    for old, new in {"/factures/envoi/": "/", "/factures/envoi/progression/17/": "/jobs/17"}.items():
        status, headers, _ = nginx.ask("GET", old, login)
        assert status == 301 and headers["Location"].endswith(new), f"{old}: {status} {headers['Location']}"
    plain = http.client.HTTPConnection("127.0.0.1", nginx.plain_port)
    plain.request("GET", "/jobs/3", headers={"Host": nginx.host})
    reply = plain.getresponse()
    assert reply.status == 308 and reply.headers["Location"].startswith("https://"), reply.status


def metrics_parse(world, _):
    try:
        from prometheus_client.openmetrics import parser
    except ImportError:
        return "there is no prometheus_client"
    connection = http.client.HTTPConnection("127.0.0.1", world.port)
    connection.request("GET", "/metrics")
    reply = connection.getresponse()
    assert reply.headers["Content-Type"].startswith("application/openmetrics-text"), reply.headers["Content-Type"]
    families = {family.name: family for family in parser.text_string_to_metric_families(reply.read().decode())}
    outcomes = {sample.labels["state"]: sample.value for sample in families["invoiced_outcomes"].samples}
    jobs = world.json("jobs")
    for state in ("sent", "failed"):
        assert outcomes[state] == sum(job["counts"][state] for job in jobs), f"{state}: {outcomes}"
    sends = {sample.name: sample.value for sample in families["invoiced_send_seconds"].samples}
    assert sends["invoiced_send_seconds_count"] == outcomes["sent"] and sends["invoiced_send_seconds_sum"] > 0, sends
    assert families["invoiced_up"].samples[0].value == 1


def silent_reader_disturbs_nobody(world, _):
    job, epoch = started(world, 100, "S")
    path = f"/jobs/{job}/events?after={epoch}.0"
    silent = socket.socket()
    silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    silent.connect(("127.0.0.1", world.port))
    silent.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{world.port}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
    found = [event[:3] for event in read_stream(open_stream(world.port, path, bearer()))]
    assert found == log(world, job)
    silent.close()


def cap_holds(world, _):
    job, epoch = started(world, 60, "K")
    path = f"/jobs/{job}/events?after={epoch}.0"
    replies, readers = [], []
    first = [open_stream(world.port, path, bearer()) for _ in range(50)]
    threads = [threading.Thread(target=lambda reply=reply: readers.append(read_stream(reply))) for reply in first]
    for thread in threads:
        thread.start()
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{world.port}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode()
    for _ in range(2000):
        with socket.create_connection(("127.0.0.1", world.port)) as one:
            one.settimeout(20)
            try:
                one.sendall(request)
                replies.append(one.recv(12))
            except ConnectionError:
                replies.append(b"")
    # While all places are taken, each is refused; some may come after the job's end, whose readers have gone.
    for thread in threads:
        thread.join()
    assert replies.count(b"HTTP/1.1 503") >= 100, {reply: replies.count(reply) for reply in set(replies)}
    assert set(replies) <= {b"HTTP/1.1 503", b"HTTP/1.1 200", b""}, set(replies)
    expected = log(world, job)
    for found in readers:
        names = [event[:3] for event in found]
        # One that was slower than the events, on a busy machine, has the present state in their place.
        if all(name != "snapshot" for name, _, _ in names):
            assert names == expected, f"{len(found)} of {len(expected)}"
        assert names[-1] == expected[-1], names[-1]


class Nginx:
    """Debian's nginx with examples/nginx/invoiced.conf, and gzip for all it may compress."""

    host = "invoices.example"
    login = "Basic YW5uYTpzZWNyZXQ="  # anna:secret

    def __init__(self, world, secret):
        self.folder = world.folder / "nginx"
        self.folder.mkdir()
        self.port, self.plain_port = free_port(), free_port()
        run = lambda *command: subprocess.run(command, check=True, capture_output=True, text=True).stdout
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={self.host}", "-days", "2",
            "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem")
        (self.folder / "passwords").write_text("anna:" + run("openssl", "passwd", "-apr1", "secret"))
        (self.folder / "secret.conf").write_text(f'proxy_set_header X-Proxy-Secret "{secret}";\n')
        site = (PROJECT / "examples/nginx/invoiced.conf").read_text()
        for old, new in {
                "listen 80;": f"listen 127.0.0.1:{self.plain_port};", "    listen [::]:80;\n": "",
                "listen 443": f"listen 127.0.0.1:{self.port}", "    listen [::]:443 ssl http2;\n": "",
                "127.0.0.1:8025": f"127.0.0.1:{world.port}",
                "/etc/ssl/certs/invoices.example.pem": self.folder / "cert.pem",
                "/etc/ssl/private/invoices.example.key": self.folder / "key.pem",
                "/etc/nginx/invoiced.passwords": self.folder / "passwords",
                "include /etc/nginx/invoiced-secret.conf": f"include {self.folder}/secret.conf"}.items():
            assert old in site, old
            site = site.replace(old, str(new))
        temporary = "".join(f"{kind}_temp_path {self.folder}/{kind};\n"
                            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(
            f"daemon off; pid {self.folder}/pid; error_log {self.folder}/error.log;\n"
            + ("user root;\n" if os.geteuid() == 0 else "")
            + f"events {{}}\nhttp {{\naccess_log off; gzip on; gzip_proxied any; gzip_min_length 1; gzip_types *;\n"
            f"{temporary}{site}}}\n")
        self.context = ssl._create_unverified_context()
        world.start("nginx", self.listens, shutil.which("nginx"), "-c", self.folder / "nginx.conf", "-p", self.folder,
                    "-e", self.folder / "error.log")

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def ask(self, method, path, headers, body=None):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=30)
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()


def stop_answers(world, _):
    """Whoever has had an answer over a connection has each further one, or hears that it is the last."""
    answered, problems = [0] * 4, []

    def ask(number):
        connection = http.client.HTTPConnection("127.0.0.1", world.port, timeout=20)
        while True:
            try:
                connection.connect()
            except ConnectionRefusedError:
                return
            here, kept = 0, True
            try:
                while kept:
                    connection.request("GET", "/health")
                    reply = connection.getresponse()
                    reply.read()
                    assert reply.status in (200, 503), reply.status
                    here += 1
                    kept = reply.getheader("Connection") != "close"
            except Exception as problem:
                # Nobody has taken a connection that is reset at its first request: as if it were refused.
                if here == 0 and isinstance(problem, ConnectionResetError):
                    return
                problems.append(f"after {here} answers: {problem!r}")
            answered[number] += here
            connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    status = world.stop("adapter")
    for thread in threads:
        thread.join()
    world.adapter(*world.adapter_options)
    assert status == 0 and not problems and min(answered) > 20, f"{status} {answered} {problems}"


TESTS = {
    "curl, node's EventSource and python see the daemon's events, ids and bytes": foreign_clients,
    "newlines in an invoice's fields make no event": newlines_make_no_event,
    "nginx with buffers and gzip passes events on at once": nginx_passes_at_once,
    "nginx logs in: the name stands in the history, a forged one does not": nginx_logs_in,
    "nginx redirects the old addresses, and to TLS": nginx_redirects,
    "a reader that never reads disturbs nobody": silent_reader_disturbs_nobody,
    "2,000 streams above the cap are refused, and the 50 that are there miss nothing": cap_holds,
    "a parser of OpenMetrics reads the metrics, and they are right": metrics_parse,
    # The last one: it starts another adapter, whose metrics begin anew.
    "a stop answers what was asked over kept connections": stop_answers,
}


def main(words):
    world = World()
    failed = 0
    try:
        secret = "0123456789abcdef-proxy"
        for name, text in {"tokens": f"clients start {TOKEN}\n", "proxy-secret": secret + "\n"}.items():
            (world.folder / name).write_text(text)
            (world.folder / name).chmod(0o600)
        world.hosts.append(Nginx.host)
        world.adapter_options = ("*", "--tokens", world.folder / "tokens", "--user-header", "X-Remote-User",
                                 "--proxy-secret", world.folder / "proxy-secret", "--max-readers", 50)
        world.adapter(*world.adapter_options)
        nginx = Nginx(world, secret)
        for name, test in TESTS.items():
            if words and not any(word in name for word in words):
                continue
            try:
                skipped = test(world, nginx)
                print(f"skipped: {name}: {skipped}" if skipped else f"ok - {name}", flush=True)
            except Exception as error:  # whatever it is, the test failed
                failed += 1
                print(f"not ok - {name}: {error}", flush=True)
                traceback.print_exc(limit=-3)
    finally:
        # Killed, it would leave its workers behind.
        if "nginx" in world.processes:
            world.stop("nginx")
        world.close()
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
