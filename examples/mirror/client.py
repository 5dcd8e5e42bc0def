"""Mirrors a greenhouse, opens its vents, and then asks for too much light."""

import asyncio
import sys
from dataclasses import dataclass

import websockets
from transports import Client, to_value

GREENHOUSE, CLIMATE = 1, 2


@dataclass
class Room:
    name: str
    heat: float
    lamp: int
    water: bool


@dataclass
class Greenhouse:
    name: str
    vents: int
    rooms: list[Room]


async def main(url):
    client = Client(codec="msgpack")
    refused = []
    client.on_reject(refused.append)
    async with websockets.connect(url + "?codec=msgpack") as socket:

        async def receive(until):
            while not until():
                client.recv(await socket.recv())

        def show():
            greenhouse = client.model(GREENHOUSE, Greenhouse)
            rooms = ", ".join(room.name for room in greenhouse.rooms)
            print(f"{greenhouse.name}: vents {greenhouse.vents}, {rooms}")
            return greenhouse

        await receive(lambda: client.ids() == [GREENHOUSE, CLIMATE])
        greenhouse = show()
        greenhouse.vents = 75
        await socket.send(client.edit(GREENHOUSE, to_value(greenhouse)))
        await receive(lambda: client.model(GREENHOUSE, Greenhouse).vents == 75)
        greenhouse = show()
        for room in greenhouse.rooms:
            room.lamp = 100
        await socket.send(client.edit(GREENHOUSE, to_value(greenhouse)))
        await receive(lambda: refused)
        print("refused:", refused[0]["error"])


asyncio.run(main(sys.argv[1]))
