"""Calls a server with a Telepact client.

Usage: client.py URL (json | msgpack) (json | msgpack)

The second argument is the format of results, the third that of requests.

Every line of the input is a request, an array of headers and body. Every line of
the output is what became of it: {"message", "requests", "responses", "table"} or
{"failure"}. The lists name the formats of what went over the wire; table says whether
the last response had a packed list.
"""

import asyncio
import json
import sys
import urllib.request

from plain import from_plain, to_plain
from telepact import Client, Message

PATIENCE = 120  # seconds

# The server is on this machine: no proxy of the environment knows it.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def format_of(data):
    return "json" if data[:1] == b"[" else "msgpack"


class Adapter:
    """Sends messages over HTTP and remembers their formats."""

    def __init__(self, url):
        self.url = url
        self.requests = []
        self.responses = []
        self.table = False

    async def send(self, message, serializer):
        data = serializer.serialize(message)
        self.requests.append(format_of(data))
        request = urllib.request.Request(self.url, data=data, method="POST")
        request.add_header("Content-Type", "application/octet-stream")
        with OPENER.open(request, timeout=PATIENCE) as response:
            data = response.read()
        self.responses.append(format_of(data))
        self.table = b"\xc7\x00\x11" in data
        return serializer.deserialize(data)


async def call(client, adapter, line):
    adapter.requests, adapter.responses = [], []
    headers, body = from_plain(json.loads(line))
    try:
        answer = await client.request(Message(headers, body))
    except Exception as e:  # whatever it is, the test shows it
        return {"failure": repr(e)}
    return {
        "message": to_plain([answer.headers, answer.body]),
        "requests": adapter.requests,
        "responses": adapter.responses,
        "table": adapter.table,
    }


async def main(url, results, requests):
    adapter = Adapter(url)
    options = Client.Options()
    options.use_binary = results == "msgpack"
    options.always_send_json = requests == "json"
    options.timeout_ms_default = PATIENCE * 1000
    client = Client(adapter.send, options)
    for line in sys.stdin:
        print(json.dumps(await call(client, adapter, line)), flush=True)


asyncio.run(main(*sys.argv[1:]))
