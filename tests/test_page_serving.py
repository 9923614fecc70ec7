import gc
import re
import socket
import sqlite3
import subprocess
import sys

import pytest

import app
from corpus.errors import InputError
from qa.page.offline import policy, without_social_tags
from qa.page.serving import address_of, reserved
from qa.page.working import without_collecting


def test_social_tags_go_and_other_tags_stay():
    page = (
        b'<meta charset="utf-8" />\n<meta property="og:url" content="https://gradio.app/" />'
        b'<meta\n name="twitter:image"\n content="https://raw.githubusercontent.com/x.jpg"\n/><title>T</title>'
    )
    assert without_social_tags(page) == b'<meta charset="utf-8" /><title>T</title>'


def test_the_policy_names_the_inline_scripts_and_no_other_host():
    # printf 'a()' | openssl dgst -sha256 -binary | base64
    said = policy(b'<script src="./x.js"></script><script data-x>a()</script>')
    assert "'sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4='" in said
    assert said.count("sha256-") == 1
    assert "http" not in said
    assert "script-src 'self' 'unsafe-eval' 'sha256" in said


def test_a_port_in_use_is_told_plainly(capsys):
    with reserved("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        assert address_of(taken) == f"http://127.0.0.1:{port}/"
        with pytest.raises(InputError, match=f"port {port} of 127.0.0.1 is in use"):
            reserved("127.0.0.1", port)
        assert app.main(["--port", str(port)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"error: port {port}")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(InputError, match=str(port)):
        reserved("127.0.0.1", port)


def test_a_host_that_is_not_ours_is_refused():
    with pytest.raises(InputError, match=re.escape("192.0.2.1")):  # reserved for documentation
        reserved("192.0.2.1", 0)


def test_an_address_of_the_newer_kind_is_written_in_brackets():
    try:
        place = reserved("::1", 0)
    except InputError:
        pytest.skip("this machine has no IPv6")
    with place:
        assert place.family is socket.AF_INET6
        assert address_of(place).startswith("http://[::1]:")


def test_a_named_archive_that_is_missing_is_an_error(tmp_path, capsys):
    assert app.main(["--archive", str(tmp_path / "none"), "--port", "0"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "no archive there" in said.err


def test_asking_from_python_loads_nothing_of_the_page():
    told = "import sys, qa, qa.cli; print([m for m in ('gradio', 'fastapi', 'uvicorn', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def told_by(capsys, *arguments):
    """What `python app.py` says on stderr when it can't serve."""
    assert app.main([*arguments, "--port", "0"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


def test_a_damaged_archive_is_told_plainly(folder, capsys):
    (folder / "archive.db").write_bytes(b"no database" * 400)
    assert str(folder) in told_by(capsys, "--archive", str(folder))


def test_a_wrong_model_is_told_plainly(folder, capsys):
    with sqlite3.connect(folder / "archive.db") as connection:
        connection.execute("UPDATE settings SET value = '0' WHERE name = 'weights_sha256'")
    connection.close()
    assert "hashed-words" in told_by(capsys, "--archive", str(folder))


def test_a_password_without_a_file_is_told_plainly(tmp_path, capsys):
    assert "can't be read" in told_by(capsys, "--auth", f"ro:{tmp_path / 'none'}")


def test_garbage_is_collected_again_after_the_start_even_if_it_failed():
    with without_collecting():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(InputError), without_collecting():
        raise InputError("no")
    assert gc.isenabled()
    gc.unfreeze()
