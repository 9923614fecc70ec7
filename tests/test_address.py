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
    ],
)
def test_secrets_are_refused_and_not_repeated(typed):
    with pytest.raises(InputError) as raised:
        Address.parse(typed)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("mysql://db/news", "not mysql:"),
        ("file:var/archive?serach=x.db", "'serach'"),
        ("file:var/archive?search=", "one `search`"),
        ("postgresql://db/news?search=a.db&search=b.db", "one `search`"),
        ("postgresql://db/news?search=elastic:9200", "names no Milvus"),
    ],
)
def test_other_addresses_are_told(typed, told):
    with pytest.raises(InputError, match=told):
        Address.parse(typed)
