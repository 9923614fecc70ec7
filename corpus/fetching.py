"""One page from the web: politely (robots.txt, a pause) and safely (limits, public addresses only)."""

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from protego import Protego

from corpus.addresses import address_of
from corpus.charset import as_utf8, media_type
from corpus.errors import InputError

AGENT = "Onrecord/0.1"
MAX_BYTES = 50_000_000
SECONDS = 60.0  # for one answer, from the first byte sent
_CONNECT = 15.0  # seconds
_REDIRECTS = 5
_MOVED = (301, 302, 303, 307, 308)
_ROBOTS = "/robots.txt"
_ROBOTS_BYTES = 500_000
_SHOWN = 200  # characters of an address
_PAUSE, _LONGEST_PAUSE = 1.0, 10.0  # seconds between two requests to a host
_WORDS = ("text/html", "application/xhtml+xml", "text/plain")
_SAFE = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: where redirects led, the media type, and the bytes; text and pages in UTF-8."""

    url: str
    media_type: str
    raw: bytes


class Fetcher:
    """Fetches pages; `allowed` names hosts, as `host` or `host:port`, that need not be public."""

    def __init__(self, *, allowed: Collection[str] = (), pause: float = _PAUSE) -> None:
        self._allowed = frozenset(allowed)
        self._pause = pause
        self._rules: dict[str, Protego] = {}
        self._last: dict[str, float] = {}

    def fetch(self, url: str) -> Fetched:
        """The page at `url`, redirects followed, each checked as the first address was.

        Raises InputError where it must not be fetched, can't be, or is beyond the limits.
        """
        place = url
        for _ in range(_REDIRECTS + 1):
            try:
                found = self._found_at(place)
            except InputError as error:
                if place == url:
                    raise
                raise InputError(f"it leads to {place[:_SHOWN]}: {error}") from None
            if isinstance(found, Fetched):
                return found
            place = found
        raise InputError(f"more than {_REDIRECTS} redirects, the last to {place[:_SHOWN]}")

    def _found_at(self, url: str) -> Fetched | str:
        """The page there, or the address to go on to."""
        parts = _checked(url)
        self._ask_robots(parts)
        self._wait(parts)
        status, headers, raw = self._get(parts, MAX_BYTES)
        if status in _MOVED and headers.get("location"):
            return urljoin(url, headers["location"])
        if status != http.client.OK:
            raise InputError(f"it answers {status} {http.client.responses.get(status, '')}".rstrip())
        type, charset = media_type(headers.get("content-type", ""))
        return Fetched(url, type, as_utf8(raw, charset) if type in _WORDS else raw)

    def _ask_robots(self, parts: SplitResult) -> None:
        """Raises InputError where the site's robots.txt forbids the page, or can't be had just now."""
        if parts.netloc not in self._rules:
            place = parts._replace(path=_ROBOTS, query="", fragment="")
            text = ""
            for _ in range(_REDIRECTS + 1):
                status, headers, raw = self._get(place, _ROBOTS_BYTES)
                if status in _MOVED and headers.get("location"):
                    place = _checked(urljoin(urlunsplit(place), headers["location"]))
                    continue
                if status >= http.client.INTERNAL_SERVER_ERROR:
                    raise InputError(f"its robots.txt answers {status}, so nothing is fetched; try later")
                text = raw.decode("utf-8", "replace") if status == http.client.OK else ""
                break
            self._rules[parts.netloc] = Protego.parse(text)
        if not self._rules[parts.netloc].can_fetch(urlunsplit(parts), AGENT):
            raise InputError("its robots.txt asks programs not to fetch it; save it by hand")

    def _wait(self, parts: SplitResult) -> None:
        """Lets the host rest between two requests."""
        wished = self._rules[parts.netloc].crawl_delay(AGENT) or 0
        pause = min(max(self._pause, wished), _LONGEST_PAUSE)
        since = time.monotonic() - self._last.get(parts.netloc, -_LONGEST_PAUSE)
        time.sleep(max(0.0, pause - since))
        self._last[parts.netloc] = time.monotonic()

    def _get(self, parts: SplitResult, most: int) -> tuple[int, dict[str, str], bytes]:
        host, secure = str(parts.hostname), parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        address = address_of(host, port, allowed=self._allowed)
        connection = _Secure(host, port, address) if secure else _Plain(host, port, address)
        target = urlunsplit(("", "", quote(parts.path or "/", _SAFE), quote(parts.query, _SAFE), ""))
        timer = threading.Timer(SECONDS, connection.stop)
        timer.start()
        try:
            connection.request("GET", target, headers={"User-Agent": AGENT, "Accept-Encoding": "gzip"})
            with connection.getresponse() as answer:
                headers = {name.lower(): value for name, value in answer.getheaders()}
                raw = answer.read(most + 1)
                if connection.stopped or (
                    answer.length and len(raw) <= most
                ):  # what it announced is still to come
                    raise http.client.IncompleteRead(raw, answer.length)
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = f"it took more than {SECONDS:g} s" if connection.stopped else str(error) or repr(error)
            what = "its robots.txt" if parts.path == _ROBOTS else "it"
            raise InputError(f"{what} can't be fetched: {late}") from None
        finally:
            timer.cancel()
            connection.close()
        return answer.status, headers, _unpacked(raw, headers.get("content-encoding", ""), most)


class _Plain(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever the name leads to by now."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=_CONNECT)
        self._address = address
        self._open: socket.socket | None = None  # `sock` is dropped while an answer that ends with it is read
        self.stopped = False

    def connect(self) -> None:
        """Connects."""
        self.sock = self._open = socket.create_connection((self._address, self.port), _CONNECT)
        if self.stopped:  # before there was anything to shut down
            raise TimeoutError

    def stop(self) -> None:
        """Ends the exchange, from another thread."""
        self.stopped = True
        if self._open is not None:
            with suppress(OSError):
                self._open.shutdown(socket.SHUT_RDWR)


class _Secure(_Plain):
    """The same by TLS, for the host's own name."""

    default_port = 443

    def connect(self) -> None:
        """Connects, and checks the certificate."""
        super().connect()
        context = ssl.create_default_context()
        self.sock = self._open = context.wrap_socket(self.sock, server_hostname=self.host)


def _checked(url: str) -> SplitResult:
    """The parts of an address of the web. Raises InputError where it is none."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError) as error:
        raise InputError(f"{url[:_SHOWN]!r} is no address ({error})") from None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.password:
        raise InputError(f"{url[:_SHOWN]!r} is not fetched, only http and https addresses without a password")
    shown = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=f"{shown}{port}", fragment="")


def _unpacked(raw: bytes, encoding: str, most: int) -> bytes:
    if encoding.strip().lower() in ("gzip", "x-gzip"):
        try:
            raw = zlib.decompressobj(wbits=31).decompress(raw, most + 1)
        except zlib.error as error:
            raise InputError(f"what came can't be unpacked: {error}") from None
    elif encoding.strip().lower() not in ("", "identity"):
        raise InputError(f"it came packed as {encoding[:40]!r}, which was not asked for")
    if len(raw) > most:
        raise InputError(f"it has more than {most:,} bytes, the most that is fetched")
    return raw
