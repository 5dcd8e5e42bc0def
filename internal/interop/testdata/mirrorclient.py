"""Mirrors model 1 of a server, a fleet, with the library transports.

Usage: mirrorclient.py URL CODEC (once | again)

The last argument says whether to connect again when the connection is lost. Only a client
that does not can propose.

Every line of the input is one of these:

    {"propose": count, "seed": seed}  propose random edits, and wait until all are answered
    {"set": {name: value}}            propose values of fields, as they are on the wire
    {"await": rev}                    wait for a revision

Every line of the output is {"rev", "value", "snapshots", "patches", "rejects"}: what the client
has by then, how much of each kind has come, and the reasons of the rejects since the last line.
"""

import asyncio
import json
import sys

import transports
import websockets
from fleet import Changes, Fleet

MODEL = 1
WINDOW = 4  # proposals that are not answered yet
PATIENCE = 120  # seconds

UNHURRIED = {"proxy": None, "max_size": None, "open_timeout": PATIENCE, "ping_interval": None}


class Mirror:
    def __init__(self, codec):
        self.client = transports.Client(codec)
        self.client.on_change(self.changed)
        self.client.on_reject(self.rejected)
        self.socket = None
        self.news = asyncio.Condition()
        self.rev, self.snapshots, self.patches, self.answers = -1, 0, 0, 0
        self.reasons = []

    def changed(self, change):
        if change["t"] == "snapshot":
            self.rev = change["rev"]
            self.snapshots += 1
        else:
            self.rev = change["patch"]["rev"]
            self.patches += 1
            self.answers += 1

    def rejected(self, reject):
        self.reasons.append(reject["error"])
        self.answers += 1

    async def mirror_once(self, url, codec):
        async with websockets.connect(f"{url}?codec={codec}", **UNHURRIED) as self.socket:
            async for frame in self.socket:
                self.client.recv(frame)
                async with self.news:
                    self.news.notify_all()

    async def until(self, condition):
        async with asyncio.timeout(PATIENCE):
            if self.socket is None:
                while not condition():
                    await asyncio.sleep(0.002)
            else:
                async with self.news:
                    await self.news.wait_for(condition)

    async def propose(self, value):
        await self.socket.send(self.client.edit(MODEL, value))

    async def propose_edits(self, count, changes):
        """Every proposal has an answer. That others have changes, too, makes it look as if answers
        came sooner than they do: some proposals are made of what is no longer so."""
        begun = self.answers
        for sent in range(count):
            await self.until(lambda: sent - (self.answers - begun) < WINDOW)
            fleet = self.client.model(MODEL, Fleet)
            changes.edit(fleet)
            await self.propose(transports.to_value(fleet))
        await self.until(lambda: self.answers - begun >= count)

    async def set(self, fields):
        rejects = len(self.reasons)
        patches = self.patches
        value = self.client.value(MODEL)
        await self.propose({"Map": value["Map"] | fields})
        await self.until(lambda: self.patches > patches or len(self.reasons) > rejects)

    async def obey(self, command):
        match command:
            case {"propose": count, "seed": seed}:
                await self.propose_edits(count, Changes(seed))
            case {"set": fields}:
                await self.set(fields)
            case {"await": rev}:
                await self.until(lambda: self.rev >= rev)

    def report(self):
        reasons, self.reasons = self.reasons, []
        return {
            "rev": self.rev,
            "value": self.client.value(MODEL),
            "snapshots": self.snapshots,
            "patches": self.patches,
            "rejects": reasons,
        }


async def main(url, codec, way):
    mirror = Mirror(codec)
    if way == "once":
        running = asyncio.create_task(mirror.mirror_once(url, codec))
        while mirror.socket is None and not running.done():
            await asyncio.sleep(0.002)
    else:
        running = asyncio.create_task(mirror.client.run(url, retry=0.01))
    obeying = asyncio.create_task(listen(mirror))
    await asyncio.wait([running, obeying], return_when=asyncio.FIRST_COMPLETED)
    running.cancel()
    if obeying.done():
        obeying.result()
    else:
        running.result()
        sys.exit("the connection was closed")


async def listen(mirror):
    await mirror.until(lambda: mirror.rev >= 0)
    while line := await asyncio.to_thread(sys.stdin.readline):
        await mirror.obey(json.loads(line))
        print(json.dumps(mirror.report()), flush=True)


asyncio.run(main(*sys.argv[1:]))
