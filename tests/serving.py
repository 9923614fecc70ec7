"""A web server on loopback for tests."""

import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def served(pages):
    """Serves `pages`, a path to (status, headers, body), on a free port; yields its `host:port` and the log.

    A body is bytes, or parts of unknown length, after which the connection ends.
    """
    log = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            log.append((self.path, dict(self.headers)))
            status, headers, body = pages.get(self.path, (404, {}, b""))
            self.send_response(status)
            whole = isinstance(body, bytes)
            length = {"Content-Length": str(len(body))} if whole else {"Connection": "close"}
            for name, value in {**length, **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):  # whoever asked is gone
                for part in [body] if whole else body:
                    self.wfile.write(part)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", log
    finally:
        server.shutdown()
        server.server_close()
