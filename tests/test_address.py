from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InputError
from qa.address import Address


@pytest.mark.parametrize(
    ("typed", "truth", "search"),
    [
        ("var/archive", Path("var/archive"), None),
        (Path("a:b"), Path("a:b"), None),
        ("./http:odd", Path("./http:odd"), None),
        ("file:var/archive", Path("var/archive"), None),
        ("file:///var/my%20archive?search=x.db", Path("/var/my archive"), "x.db"),
        ("postgresql://me@db:5432/news", "postgresql://me@db:5432/news", None),
        ("postgres://db/news", "postgresql://db/news", None),
        ("postgresql:///news", "postgresql:///news", None),
        ("postgresql:///news?search=x.db&host=/tmp", "postgresql:///news?host=/tmp", "x.db"),
        ("postgresql://h1:5432,h2:5433/news", "postgresql://h1:5432,h2:5433/news", None),
        ("postgresql://me@[::1]:5432/news", "postgresql://me@[::1]:5432/news", None),
        (
            "postgresql://db/news?options=-c%20work_mem%3D64MB",
            "postgresql://db/news?options=-c%20work_mem%3D64MB",
            None,
        ),
        ("postgresql://db/news?user=me%40here", "postgresql://db/news?user=me%40here", None),
        ("postgresql://db/news?sslmode=require", "postgresql://db/news?sslmode=require", None),
        ("postgresql://db/news?search=http://milvus:19530", "postgresql://db/news", "http://milvus:19530"),
        (
            "postgresql://db/news?sslmode=require&search=http%3A%2F%2Fm%3A19530",
            "postgresql://db/news?sslmode=require",
            "http://m:19530",
        ),
    ],
)
def test_truth_and_search(typed, truth, search):
    found = Address.parse(typed)
    assert (found.truth, found.search) == (truth, search)
    assert Address.parse(str(found)) == found


@given(st.text())
def test_whatever_has_no_colon_is_a_folder(name):
    typed = name.replace(":", "")
    assert Address.parse(typed) == Address(Path(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "postgresql://me:s3cret@db/news",
        "postgresql://db/news?search=http://root:s3cret@milvus:19530",
        "postgresql://db/news?search=http://s3cret@milvus:19530",
        "postgresql://db/news?search=http://root:1%23s3cret",
        "postgresql://db/news?search=root:s3cret%40milvus:19530",
        "postgresql://db/news?search=http://[s3cret",
        "postgresql://me@here:s3cret@db/news",
        "postgresql://me:s3cret#t@db/news",
        "postgresql://me:s3cret/t@db/news",
        "postgresql://me:s3cret?t@db/news",
        "postgresql://me:123/s3cret@db/news",
        "postgresql://me:123?s3cret@db/news",
        "postgresql://me:123?t=s3cret@db/news",
        "postgresql://me:123#s3cret",
        "postgresql://me:s3cret",
        "postgresql://[s3cret/news",
        "postgresql:me:s3cret",
        "postgresql://db/news?pass%77ord=s3cret",
        "postgresql://db/news?SSLPASSWORD%3ds3cret",
        "postgresql:%2f%2fme:s3cret@db/news",
    ],
)
def test_secrets_are_refused_and_not_repeated(typed):
    with pytest.raises(InputError) as raised:
        Address.parse(typed)
    assert "s3cret" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("postgresql:///news", {"dbname": "news"}),
        (
            "postgresql://h1:5432,h2:5433/news?schema=mine",
            {"host": "h1,h2", "port": "5432,5433", "dbname": "news"},
        ),
        (
            "postgresql://me@db/news?options=-c%20work_mem%3D64MB&sslrootcert=/my%20certs/ca.pem",
            {"options": "-c work_mem=64MB", "sslrootcert": "/my certs/ca.pem", "host": "db", "user": "me"},
        ),
    ],
)
def test_libpq_is_told_what_was_typed(typed, told):
    conninfo = pytest.importorskip("psycopg.conninfo")
    from qa.postgres.address import Server

    server = Server.at(str(Address.parse(typed).truth))
    found = conninfo.conninfo_to_dict(server.conninfo)
    assert {name: found[name] for name in told} == told
    assert "schema" not in found


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("mysql://db/news", "not mysql:"),
        ("file:var/archive?serach=x.db", "'serach'"),
        ("file:var/archive?search=", "one `search`"),
        ("postgresql://db/news?search=a.db&search=b.db", "one `search`"),
        ("postgresql://db/news?search=elastic:9200", "names no Milvus"),
        ("postgresql://db:70000/news", "a number for PORT"),
        ("postgresql://db:x,other/news", "a number for PORT"),
        ("postgresql:news", "named by postgresql://HOST/DATABASE"),
        ("file:var/a#b", "write @ as %40 and # as %23"),
    ],
)
def test_other_addresses_are_told(typed, told):
    with pytest.raises(InputError, match=told):
        Address.parse(typed)
