"""Whatever bytes a file holds, its reader gives articles that are fit to store, or says what is wrong.

FUZZ=20 tries twenty times as many files; `make fuzz` looks for new ones by coverage.
"""

import os
import random
import zipfile
from io import BytesIO

import pytest
from hostile import KINDS, feed, inside, sample
from hypothesis import given, settings
from hypothesis import strategies as st

TIMES = int(os.environ.get("FUZZ", "1"))
# Pieces that mean something to one format or the other.
PIECES = [
    b"\x00", b"\xff", b"\xed\xa0\x80", b"\\ud800", "\u202e".encode(), "\u2028".encode(), b"&#0;", b"&#xD800;", b"&a;",
    b"<![CDATA[", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<" * 300, b"<div>" * 300, b"[" * 2000, b"{\"a\":" * 500, b"..", b"/../",
    b"---\n", b"&a &a", b"*a", b"<<: *a", b"obj", b"endobj", b"stream", b"%%EOF", b"1 0 R", b"<< /Length 99999999 >>", b"-1",
    b"999999999999999999999", b"1e999", b"NaN", b"\r", b"\n", b"\"", b"'", b",", b"=?utf-8?b?////?=", b"=?x?q?=00?=",
    b"charset=utf-7", b"Content-Transfer-Encoding: base64\r\n", b"boundary=", b"PK\x05\x06", b"0000-00-00", b"9999-12-31T99:99",
]  # fmt: skip

changes = st.lists(
    st.tuples(
        st.sampled_from(["put", "swap", "cut", "double", "flip"]),
        st.floats(0, 1),
        st.floats(0, 1),
        st.sampled_from(PIECES) | st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=6,
)


def changed(raw, how):
    """The bytes with a few things done to them, each at a share of their length."""
    for what, share, other, piece in how:
        at = int(share * len(raw))
        to = min(len(raw), at + 1 + int(other**3 * len(raw)))
        if what == "put":
            raw = raw[:at] + piece + raw[at:]
        elif what == "swap":
            raw = raw[:at] + piece + raw[at + len(piece) :]
        elif what == "cut":
            raw = raw[:at] + raw[to:]
        elif what == "double":
            raw = raw[:to] + raw[at:to] + raw[to:]
        elif at < len(raw):
            raw = raw[:at] + bytes([raw[at] ^ piece[0] or 1]) + raw[at + 1 :]
    return raw


@pytest.mark.parametrize("kind", KINDS)
@given(how=changes)
@settings(max_examples=40 * TIMES)
def test_a_spoilt_file_is_read_or_refused_in_words(kind, how):
    feed(kind, changed(sample(kind), how))


@pytest.mark.parametrize("kind", ["docx", "epub"])
@given(how=changes, which=st.randoms(use_true_random=False))
@settings(max_examples=40 * TIMES)
def test_a_container_with_a_spoilt_part_is_read_or_refused_in_words(kind, how, which):
    """Its checksums are right, so that what is inside gets to be read."""
    parts = inside(kind)
    name = which.choice(
        [part for part in sorted(parts) if part.endswith((".xml", ".rels", ".opf", ".xhtml"))]
    )
    parts[name] = changed(parts[name], how)
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as container:
        for part, raw in parts.items():
            container.writestr(part, raw)
    feed(kind, file.getvalue())


@pytest.mark.parametrize("kind", KINDS)
@given(raw=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(max_examples=20 * TIMES)
def test_any_bytes_are_read_or_refused_in_words(kind, raw):
    feed(kind, raw)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_ends_anywhere_is_read_or_refused_in_words(kind):
    raw = sample(kind)
    for at in random.Random(kind).sample(range(len(raw)), min(len(raw), 25 * TIMES)):
        feed(kind, raw[:at])
