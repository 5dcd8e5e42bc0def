"""Hosts a fleet with the library transports.

Usage: mirrorserver.py

The first line of the output is the URL. Every line of the input is {"change", "seed"}, how
many random changes the host is to make. Every line of the output is {"rev", "value"}, what
the fleet is after them. The program ends when its input does.

Each change is flushed at once: the library forgets one that waits for that when a proposal
comes in.
"""

import asyncio
import json
import socket
import sys

import transports
import uvicorn
from fleet import Changes, Fleet
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute


async def change(session, fleet, count, changes):
    for _ in range(count):
        edited = Fleet.model_validate(fleet.model_dump())
        changes.edit(edited)
        for name in Fleet.model_fields:
            if getattr(edited, name) != getattr(fleet, name):
                setattr(fleet, name, getattr(edited, name))
        session.flush()
        await asyncio.sleep(0)


async def obey(session, fleet, mid):
    while line := await asyncio.to_thread(sys.stdin.readline):
        command = json.loads(line)
        await change(session, fleet, command["change"], Changes(command["seed"]))
        now = session.snapshot(mid)
        print(json.dumps({"rev": now["rev"], "value": now["value"]}), flush=True)


async def main():
    session = transports.Session()
    fleet = Fleet()
    mid = session.host(fleet)
    server = transports.Server(session)
    app = Starlette(routes=[WebSocketRoute("/", transports.ws_endpoint(server))])
    listener = socket.create_server(("127.0.0.1", 0))
    site = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", ws_ping_interval=None, timeout_graceful_shutdown=1))
    serving = asyncio.create_task(site.serve(sockets=[listener]))
    flushing = asyncio.create_task(transports.autosync(server))
    print(f"ws://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    await obey(session, fleet, mid)
    flushing.cancel()
    site.should_exit = True
    await serving


asyncio.run(main())
