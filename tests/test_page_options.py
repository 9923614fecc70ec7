"""How the page may be run, and who may call it."""

import pytest

from corpus.errors import InputError
from qa.page.neighbours import Neighbours
from qa.page.options import parsed


@pytest.fixture(autouse=True)
def no_space(monkeypatch):
    monkeypatch.delenv("SPACE_ID", raising=False)


@pytest.mark.parametrize(
    ("arguments", "read_only"),
    [
        ([], False),
        (["--host", "localhost"], False),
        (["--host", "::1"], False),
        (["--host", "0.0.0.0"], True),
        (["--host", "192.0.2.1"], True),
        (["--host", "0.0.0.0", "--no-read-only"], False),
        (["--read-only"], True),
    ],
)
def test_the_archive_may_be_changed_from_this_machine_alone_unless_told(arguments, read_only):
    assert parsed(arguments).read_only is read_only


def test_on_a_space_it_serves_everyone_and_changes_nothing(monkeypatch):
    monkeypatch.setenv("SPACE_ID", "someone/onrecord")
    options = parsed([])
    assert (options.host, options.read_only, options.local) == ("0.0.0.0", True, False)


def test_the_password_is_the_first_line_of_its_file(tmp_path):
    (tmp_path / "word").write_text("green: quay\nnot this\n", encoding="utf-8")
    assert parsed(["--auth", f"ro:{tmp_path / 'word'}"]).auth == ("ro", "green: quay")
    (tmp_path / "empty").write_text("\n")
    for told in ("ro", ":x", f"ro:{tmp_path / 'none'}", f"ro:{tmp_path / 'empty'}"):
        with pytest.raises(InputError):
            parsed(["--auth", told])


def answer_to(**headers):
    """The status of a request with those headers."""
    said = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        said.append(message.get("status"))

    scope = {
        "type": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    pending = Neighbours(app)(scope, None, send)
    with pytest.raises(StopIteration):
        pending.send(None)
    return said[0]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "127.0.0.1:7860"}, 200),
        ({"host": "localhost:7860", "origin": "http://localhost:7860"}, 200),
        ({"host": "[::1]:7860"}, 200),
        ({"host": "rebound.example:7860"}, 403),
        ({"host": "127.0.0.1:7860", "origin": "https://elsewhere.example"}, 403),
        ({"host": "127.0.0.1:7860", "origin": "null"}, 403),
        ({"host": "127.0.0.1.elsewhere.example"}, 403),
        ({"host": "[::1"}, 403),
    ],
)
def test_another_sites_script_is_turned_away(headers, status):
    assert answer_to(**headers) == status
