"""The model of fleet_test.go, and random changes of it."""

import random

from pydantic import BaseModel

MANY, FEW = 16, 4  # elements of lists, and of lists and maps that hold more than one thing each

PIECES = ["a", "B", "7", "ß", "日本", "𝄞", "\u2028", '"', "\\", "\n", "\0", "</b>", "/", "."]
# The library reads some numbers with 17 digits as the next one.
FLOATS = [0.0, -0.0, 1.0, -2.0, 0.1, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 2.0**53, -(2.0**63)]
INTEGERS = [0, 1, -1, 127, 128, -33, 2**31, 2**53 + 1, 2**63 - 1, -(2**63)]


class Truck(BaseModel):
    id: int = 0
    driver: str = ""
    weight: float | None = None
    stops: list[int] = []
    notes: dict[str, str] = {}


class Fleet(BaseModel):
    name: str = ""
    load: float = 0.0
    miles: int = 0
    open: bool = False
    remark: str | None = None
    tags: list[str] = []
    levels: list[float] = []
    counts: dict[str, int] = {}
    trucks: list[Truck] = []
    places: dict[str, Truck] = {}
    plan: dict[str, dict[str, list[float]]] = {}
    done: dict[str, int] = {}  # what no random change is about


class Changes:
    """Random changes, the same ones for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self):
        return "".join(self.random.choices(PIECES, k=self.random.randrange(5)))

    def number(self):
        return self.random.choice(FLOATS + [round(self.random.uniform(-1000, 1000), 3)])

    def integer(self):
        return self.random.choice(INTEGERS + [self.random.randrange(-(2**40), 2**40)])

    def numbers(self):
        return [self.number() for _ in range(self.random.randrange(4))]

    def perhaps(self, make):
        return None if self.random.random() < 0.3 else make()

    def truck(self):
        return Truck(id=self.integer(), driver=self.text(), weight=self.perhaps(self.number), stops=[self.integer()])

    def drive(self, truck):
        """Changes a truck."""
        match self.random.randrange(5):
            case 0:
                truck.id = self.integer()
            case 1:
                truck.driver = self.text()
            case 2:
                truck.weight = self.perhaps(self.number)
            case 3:
                self.edit_list(truck.stops, self.integer)
            case 4:
                self.edit_map(truck.notes, self.text)

    def edit_list(self, items, make, change=None):
        """Changes a list in one of the ways in which lists change."""
        longest = FEW if change else MANY
        action = self.random.randrange(6)
        at = self.random.randrange(len(items) + 1)
        if action == 0 and len(items) < longest or not items:
            items.insert(at, make())
        elif action == 1:
            items.pop(at - 1)
        elif action == 2:
            items.insert(at - 1, items.pop(self.random.randrange(len(items))))
        elif action == 3:
            self.random.shuffle(items)
        elif action == 4 or change is None:
            items[at - 1] = make()
        else:
            change(items[at - 1])

    def edit_map(self, entries, make, change=None):
        """Changes a map by one entry."""
        keys = sorted(entries)
        action = self.random.randrange(4)
        if action < 2 and len(keys) < FEW or not keys:
            entries[self.text()] = make()
        elif action == 2:
            del entries[self.random.choice(keys)]
        elif change is None:
            entries[self.random.choice(keys)] = make()
        else:
            change(entries[self.random.choice(keys)])

    def edit(self, fleet):
        """Changes one thing."""
        match self.random.randrange(11):
            case 0:
                fleet.name = self.text()
            case 1:
                fleet.load = self.number()
            case 2:
                fleet.miles = self.integer()
            case 3:
                fleet.open = not fleet.open
            case 4:
                fleet.remark = self.perhaps(self.text)
            case 5:
                self.edit_list(fleet.tags, self.text)
            case 6:
                self.edit_list(fleet.levels, self.number)
            case 7:
                self.edit_map(fleet.counts, self.integer)
            case 8:
                self.edit_list(fleet.trucks, self.truck, self.drive)
            case 9:
                self.edit_map(fleet.places, self.truck, self.drive)
            case 10:
                self.edit_map(
                    fleet.plan,
                    lambda: {self.text(): self.numbers()},
                    lambda day: self.edit_map(day, self.numbers, lambda hour: self.edit_list(hour, self.number)),
                )
