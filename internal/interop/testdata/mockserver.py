"""Serves a schema with a Telepact mock server.

Usage: mockserver.py DIRECTORY

The directory has the schema. The first line of the output is the URL. The program
ends when its input does.
"""

import sys
import traceback

from serving import serve
from telepact import MockServer, MockTelepactSchema


def report(error):
    traceback.print_exception(error.__cause__ or error)


def new_server(directory):
    options = MockServer.Options()
    options.on_error = report
    return MockServer(MockTelepactSchema.from_directory(directory), options)


serve(new_server(*sys.argv[1:]))
