"""Serves the functions of service_test.go with a Telepact server.

Usage: server.py DIRECTORY

The directory has the schema. The first line of the output is the URL. The program
ends when its input does.
"""

import math
import sys

from serving import serve
from telepact import FunctionRouter, Message, Server, TelepactSchema

MAX_NUMBERS = 1000
MAX_ROWS = 1000
TOTAL_ROWS = 2000


def ok(**fields):
    return Message({}, {"Ok_": fields})


def error(tag, **fields):
    return Message({}, {tag: fields})


def echo(args, headers):
    return ok(value=args["value"])


def divide(args, headers):
    if args["divisor"] == 0:
        return error("ErrorDivideByZero", dividend=args["dividend"])
    return ok(quotient=args["dividend"] / args["divisor"])


def add(args, headers):
    if len(args["numbers"]) > MAX_NUMBERS:
        return error("ErrorQuota", limit=MAX_NUMBERS)
    return ok(sum=sum(args["numbers"]))


def reverse(args, headers):
    return ok(text=args["text"][::-1])


def join(args, headers):
    return ok(whole=b"".join(args["parts"]))


def area_of(shape):
    [(tag, fields)] = shape.items()
    if tag == "Circle":
        return math.pi * fields["radius"] * fields["radius"]
    if tag == "Rectangle":
        return fields["width"] * fields["height"]
    return sum(area_of(s) for s in fields.get("shapes", []))


def area(args, headers):
    return ok(area=area_of(args["shape"]))


def row_of(number):
    row = {
        "id": number,
        "name": f"row {number}",
        "score": number / 4 if number % 2 == 0 else None,
        "tags": [f"tag {i}" for i in range(number % 4)],
    }
    if number % 3 == 0:
        row["note!"] = "a third"
    if number % 5 == 0:
        row["place!"] = {"x": float(number), "y": -0.5}
    return row


def list_rows(args, headers):
    start, count = args["from"], args["count"]
    if count > MAX_ROWS:
        return error("ErrorQuota", limit=MAX_ROWS)
    end = min(start + count, TOTAL_ROWS)
    page = {"rows": [row_of(i) for i in range(start, end)]}
    if end < TOTAL_ROWS:
        page["next!"] = {"fn.listRows": {"from": end, "count": count}}
    return ok(**page)


def trace(args, headers):
    answered = {"@traced": headers["@trace"]} if "@trace" in headers else {}
    return Message(answered, {"Ok_": {}})


def fail(args, headers):
    raise RuntimeError("it failed")


def who_am_i(args, headers):
    return ok(name=headers["@user"], guest=headers["@guest"])


def remove_all(args, headers):
    if headers["@guest"]:
        return error("ErrorUnauthorized_", **{"message!": "guests remove nothing"})
    return ok()


FUNCTIONS = {
    "fn.echo": echo,
    "fn.divide": divide,
    "fn.sum": add,
    "fn.reverse": reverse,
    "fn.join": join,
    "fn.area": area,
    "fn.listRows": list_rows,
    "fn.trace": trace,
    "fn.fail": fail,
    "fn.whoAmI": who_am_i,
    "fn.removeAll": remove_all,
}


def authenticate(headers):
    [(kind, fields)] = headers["@auth_"].items()
    if kind == "Guest":
        return {"@user": fields["name"], "@guest": True}
    if fields["token"] == "secret":
        return {"@user": "ann", "@guest": False}
    raise PermissionError("nobody has this token")


def route(function):
    async def handle(name, request):
        return function(request.body[name], request.headers)

    return handle


def new_server(directory):
    options = Server.Options()
    options.on_auth = authenticate
    routes = {name: route(function) for name, function in FUNCTIONS.items()}
    return Server(TelepactSchema.from_directory(directory), FunctionRouter(routes), options)


serve(new_server(*sys.argv[1:]))
