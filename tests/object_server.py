"""As much of S3 as reading needs, on loopback: objects listed, measured and fetched, also in part."""

import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_PAGE = 3  # keys of one answer to a listing, so that there are several
_DATE = "2026-11-28T00:00:00.000Z"


@contextmanager
def served(objects, *, denied=()):
    """The server's address; `objects` are bytes by `bucket/key`, `denied` those that may be seen but not read."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self):
            self.answer(body=False)

        def do_GET(self):
            self.answer(body=True)

        def answer(self, *, body):
            parts = urlsplit(self.path)
            path, asked = unquote(parts.path).strip("/"), parse_qs(parts.query)
            if "list-type" in asked:
                return self.send(200, listed(path, asked), body=body)
            if path in denied:
                return self.send(403, b"<Error><Code>AccessDenied</Code></Error>", body=body)
            if path not in objects:
                there = any(key.startswith(f"{path}/") for key in objects) and "/" not in path
                return self.send(200 if there else 404, b"", body=body)
            content, status = objects[path], 200
            part = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
            if part:
                content, status = content[int(part[1]) : int(part[2]) + 1], 206
            return self.send(status, content, body=body)

        def send(self, status, content, *, body):
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Last-Modified", "Sat, 28 Nov 2026 00:00:00 GMT")
            self.end_headers()
            if body:
                self.wfile.write(content)

        def log_message(self, *_):
            pass

    def listed(bucket, asked):
        prefix = asked.get("prefix", [""])[0]
        after = asked.get("continuation-token", [""])[0]
        keys = sorted(
            key.removeprefix(f"{bucket}/") for key in objects if key.startswith(f"{bucket}/{prefix}")
        )
        rest = [key for key in keys if key > after]
        most = min(_PAGE, int(asked.get("max-keys", [_PAGE])[0]))
        shown, more = rest[:most], len(rest) > most
        contents = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{_DATE}</LastModified>"
            f"<Size>{len(objects[f'{bucket}/{key}'])}</Size></Contents>"
            for key in shown
        )
        following = f"<NextContinuationToken>{escape(shown[-1])}</NextContinuationToken>" if more else ""
        return (
            f"<ListBucketResult><Name>{bucket}</Name><Prefix>{escape(prefix)}</Prefix>"
            f"<KeyCount>{len(shown)}</KeyCount><IsTruncated>{str(more).lower()}</IsTruncated>"
            f"{following}{contents}</ListBucketResult>"
        ).encode()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
