"""Serves what has a process function, such as a Telepact server, over HTTP."""

import asyncio
import http.server
import sys
import threading


def handler(server):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self):
            request = self.rfile.read(int(self.headers["Content-Length"]))
            response = asyncio.run(server.process(request))
            form = "octet-stream" if "@bin_" in response.headers else "json"
            self.send_response(200)
            self.send_header("Content-Type", "application/" + form)
            self.send_header("Content-Length", str(len(response.bytes)))
            self.end_headers()
            self.wfile.write(response.bytes)

        def log_message(self, *args):
            pass

    return Handler


def serve(server):
    """Writes the URL, and serves until the input ends."""
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(server))
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    print(f"http://127.0.0.1:{site.server_port}/", flush=True)
    sys.stdin.read()
    site.shutdown()
    thread.join()
