"""Calls a server over a WebSocket with a Telepact client, and hears what is pushed.

Usage: websocket.py HOST:PORT (json | msgpack)

The second argument is the format of results.

Every line of the input is a request, an array of headers and body. Every line of
the output is {"message", "pushes"}: the answer, and the messages of topics that came
before it. The schema of the server is read with the library when the program begins;
each push is {"message", "known"}, where known says that the schema has the topic with
the type of the message.
"""

import asyncio
import base64
import json
import os
import socket
import struct
import sys

from plain import from_plain, to_plain
from telepact import Client, Message, TelepactSchema

PATIENCE = 120  # seconds

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Socket:
    """As much of RFC 6455 as a client of one server needs."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.conn = socket.create_connection((host, int(port)), timeout=PATIENCE)
        self.stream = self.conn.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode("ascii")
        request = [
            "GET / HTTP/1.1", f"Host: {address}", "Connection: Upgrade", "Upgrade: websocket",
            "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}", "", "",
        ]
        self.conn.sendall("\r\n".join(request).encode("ascii"))
        status = self.stream.readline()
        if b" 101 " not in status:
            raise ConnectionError(status)
        while self.stream.readline() not in (b"\r\n", b""):
            pass

    def send(self, opcode, data):
        mask = os.urandom(4)
        length = len(data)
        head = bytes([0x80 | opcode])
        if length < 126:
            head += bytes([0x80 | length])
        elif length < 1 << 16:
            head += struct.pack(">BH", 0x80 | 126, length)
        else:
            head += struct.pack(">BQ", 0x80 | 127, length)
        self.conn.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def receive(self):
        """Returns the bytes of the next message."""
        while True:
            first, length = self.stream.read(2)
            if length == 126:
                [length] = struct.unpack(">H", self.stream.read(2))
            elif length == 127:
                [length] = struct.unpack(">Q", self.stream.read(8))
            data = self.stream.read(length)
            opcode = first & 0x0F
            if opcode == PING:
                self.send(PONG, data)
            elif opcode == CLOSE:
                raise ConnectionError(data)
            elif opcode != PONG:
                return data

    def close(self):
        self.send(CLOSE, struct.pack(">H", 1000))
        self.conn.close()


class Adapter:
    """Sends messages over a socket, and keeps the pushes that come before the answers."""

    def __init__(self, address):
        self.socket = Socket(address)
        self.pushes = []

    async def send(self, message, serializer):
        data = serializer.serialize(message)
        self.socket.send(TEXT if data[:1] == b"[" else BINARY, data)
        while True:
            answer = serializer.deserialize(self.socket.receive())
            if "@topic" not in answer.headers:
                return answer
            self.pushes.append(answer)


async def learn(client):
    """Returns the types of each topic, all of which the library knows."""
    answer = await client.request(Message({}, {"fn.api_": {}}))
    api = answer.body["Ok_"]["api"]
    schema = TelepactSchema.from_json(json.dumps(api))
    [topics] = [entry["$topics"] for entry in api if "headers.Topic" in entry]
    for types in topics.values():
        for key in types:
            schema.parsed[key]
    return topics


def push(topics, message):
    [key] = message.body
    return {
        "message": to_plain([message.headers, message.body]),
        "known": key in topics.get(message.headers["@topic"], []),
    }


async def main(address, results):
    adapter = Adapter(address)
    options = Client.Options()
    options.use_binary = results == "msgpack"
    options.timeout_ms_default = PATIENCE * 1000
    client = Client(adapter.send, options)
    topics = await learn(client)
    for line in sys.stdin:
        adapter.pushes = []
        headers, body = from_plain(json.loads(line))
        answer = await client.request(Message(headers, body))
        print(json.dumps({
            "message": to_plain([answer.headers, answer.body]),
            "pushes": [push(topics, message) for message in adapter.pushes],
        }), flush=True)
    adapter.socket.close()


asyncio.run(main(*sys.argv[1:]))
