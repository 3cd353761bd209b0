#!/usr/bin/python3
"""A name server on 127.0.0.1 that knows each name as 127.0.0.1: the machine has no other."""
import socket

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", 53))
    while True:
        query, client = server.recvfrom(512)
        # The name ends with a zero; type and class follow. Whatever else came (EDNS) is left out.
        question = query[12:query.index(0, 12) + 5]
        is_ipv4 = question[-4:-2] == b"\0\1"
        answer = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1" if is_ipv4 else b""
        server.sendto(
            query[:2] + b"\x85\x80\0\1" + (b"\0\1" if answer else b"\0\0") + b"\0\0\0\0" + question + answer, client)
