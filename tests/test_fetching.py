import gzip
import time

import pytest
from serving import served

from corpus import fetching
from corpus.errors import InputError
from corpus.fetching import AGENT, Fetcher

HTML = {"Content-Type": "text/html; charset=utf-8"}


def fetch(pages, path="/a", **options):
    with served(pages) as (host, log):
        got = Fetcher(allowed={host}, pause=0.0, **options).fetch(f"http://{host}{path}")
        return got, log, host


def refusal(pages, path="/a"):
    with served(pages) as (host, _), pytest.raises(InputError) as told:
        Fetcher(allowed={host}, pause=0.0).fetch(f"http://{host}{path}")
    return str(told.value)


def test_a_page_is_fetched_once_robots_txt_was_asked():
    got, log, host = fetch({"/a": (200, HTML, b"<p>A.</p>")})
    assert (got.url, got.media_type, got.raw) == (f"http://{host}/a", "text/html", b"<p>A.</p>")
    assert [path for path, _ in log] == ["/robots.txt", "/a"]
    assert all(headers["User-Agent"] == AGENT and headers["Host"] == host for _, headers in log)


def test_what_robots_txt_forbids_is_not_fetched():
    robots = b"User-agent: *\nDisallow: /*.html$\n\nUser-agent: Onrecord\nDisallow: /a\n"
    assert "robots.txt asks programs not to fetch it" in refusal({"/robots.txt": (200, {}, robots)})


def test_where_robots_txt_is_out_of_order_nothing_is_fetched():
    assert "robots.txt answers 503" in refusal({"/robots.txt": (503, {}, b""), "/a": (200, HTML, b"A")})


def test_redirects_are_followed_and_robots_txt_asked_for_each():
    pages = {
        "/a": (302, {"Location": "/b"}, b""),
        "/b": (200, HTML, b"B."),
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /c"),
        "/d": (301, {"Location": "/c"}, b""),
    }
    got, _, host = fetch(pages)
    assert (got.url, got.raw) == (f"http://{host}/b", b"B.")
    assert "robots.txt" in refusal(pages, "/d")


@pytest.mark.parametrize(
    "place",
    [
        *(
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]/",
            "http://localhost/",
        ),
        *("http://127.0.0.1:1/", "//192.168.0.1/x"),
    ],
)
def test_a_redirect_to_a_private_address_is_refused(place):
    assert "no public address" in refusal({"/a": (302, {"Location": place}, b"")})
    assert "no public address" in refusal({"/robots.txt": (302, {"Location": place}, b"")})


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://a.example/", "http://u:p@a.example/"])
def test_a_redirect_to_what_is_no_web_address_is_refused(place):
    assert "is not fetched" in refusal({"/a": (302, {"Location": place}, b"")})


def test_where_a_redirect_led_is_told():
    told = refusal({"/a": (302, {"Location": "http://10.0.0.1/x"}, b"")})
    assert told.startswith("it leads to http://10.0.0.1/x: 10.0.0.1 is no public address")


def test_redirects_without_end_are_given_up():
    assert "more than 5 redirects" in refusal({"/a": (302, {"Location": "/a"}, b"")})


@pytest.mark.parametrize("url", ["ftp://a.example/x", "http:///x", "http://u:p@a.example/", "http://a:b:c/"])
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(InputError, match=r"is not fetched|is no address"):
        Fetcher().fetch(url)


def test_a_loopback_server_is_refused_unless_allowed():
    with served({}) as (host, log), pytest.raises(InputError, match="no public address"):
        Fetcher().fetch(f"http://{host}/a")
    assert log == []


def test_what_is_not_there_is_told():
    assert "answers 404 Not Found" in refusal({})


def test_limits_of_size_hold_packed_or_not(monkeypatch):
    monkeypatch.setattr(fetching, "MAX_BYTES", 1_000)
    assert "more than 1,000 bytes" in refusal({"/a": (200, HTML, b"A" * 1_001)})
    packed = gzip.compress(b"A" * 1_000_000)
    gzipped = {**HTML, "Content-Encoding": "gzip"}
    assert "more than 1,000 bytes" in refusal({"/a": (200, gzipped, packed)})
    got, _, _ = fetch({"/a": (200, gzipped, gzip.compress(b"A" * 1_000))})
    assert got.raw == b"A" * 1_000


def test_a_server_that_never_ends_is_given_up(monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    started = time.monotonic()
    assert "it took more than 0.3 s" in refusal({"/a": (200, {**HTML, "Content-Length": "10"}, b"A")})
    assert time.monotonic() - started < 10


def test_a_server_that_drips_without_an_end_is_given_up(monkeypatch):
    def drops():
        until = time.monotonic() + 30
        while time.monotonic() < until:
            yield b"A"
            time.sleep(0.05)

    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    started = time.monotonic()
    assert "it took more than 0.5 s" in refusal({"/a": (200, HTML, drops())})
    assert time.monotonic() - started < 15


def test_a_host_is_left_in_peace_between_two_pages():
    with served({"/a": (200, HTML, b"A"), "/b": (200, HTML, b"B")}) as (host, _):
        fetcher = Fetcher(allowed={host}, pause=0.4)
        started = time.monotonic()
        fetcher.fetch(f"http://{host}/a")
        fetcher.fetch(f"http://{host}/b")
        assert time.monotonic() - started >= 0.4


def test_letters_are_those_that_the_server_names():
    header = {"Content-Type": "text/html; charset=windows-1251"}
    got, _, _ = fetch({"/a": (200, header, "Паром".encode("cp1251"))})
    assert got.raw.decode() == "Паром"
    got, _, _ = fetch({"/a": (200, header, "Паром".encode())})
    assert got.raw.decode() == "Паром", "what decodes as UTF-8 is UTF-8"
    got, _, _ = fetch({"/a": (200, {"Content-Type": "text/html; charset=none-such"}, b"\xcf")})
    assert got.raw == b"\xcf"
