"""publisher.py SOCKET PORT: stands for the daemon with one running job. It answers `Watch` of io.invoiced.Jobs on the Unix
socket, and passes on as an event whatever is POSTed to 127.0.0.1:PORT."""
import asyncio
import json
import re
import sys

JOB = {"id": 1, "pipeline": "invoices", "occasion": "", "filter": {"numbers": []}, "state": "running", "holds": [],
       "counts": dict.fromkeys(("total", "sent", "failed", "skipped", "unknown", "cancelled", "left", "already"), 0),
       "started_by": {"uid": 0, "name": "bench"}, "started_at": "2026-11-28T01:05:53.621Z"}
LAST = "bench.0"

watchers = set()


def frame(reply):
    return json.dumps(reply).encode() + b"\0"


async def answer(reader, writer):
    call = json.loads((await reader.readuntil(b"\0"))[:-1])
    if call["method"] != "io.invoiced.Jobs.Watch":
        writer.write(frame({"error": "org.varlink.service.MethodNotFound", "parameters": {"method": call["method"]}}))
        return writer.close()
    first = {"last": LAST}
    if call["parameters"].get("job"):
        first |= {"snapshot": JOB, "recent": []}
    writer.write(frame({"parameters": first, "continues": True}))
    watchers.add(writer)
    await reader.read()
    watchers.discard(writer)
    writer.close()


async def publish(reader, writer):
    while head := await reader.readuntil(b"\r\n\r\n"):
        event = await reader.readexactly(int(re.search(rb"content-length: (\d+)", head.lower())[1]))
        for watcher in watchers:
            watcher.write(b'{"continues":true,"parameters":{"event":' + event + b"}}\0")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")


async def main(path, port):
    await asyncio.start_server(lambda *ends: quietly(publish, *ends), "127.0.0.1", int(port))
    server = await asyncio.start_unix_server(lambda *ends: quietly(answer, *ends), path)
    await server.serve_forever()


async def quietly(serve, reader, writer):
    try:
        await serve(reader, writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


asyncio.run(main(*sys.argv[1:]))
