import io
import os
import zipfile

import pytest

from corpus.errors import InputError
from corpus.file import Member, Stored, bytes_of, opened, path_of


def test_a_file_in_a_zip_is_read_as_one_on_disk(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"The ferry.")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as container:
        container.write(tmp_path / "a.txt", "a.txt")
        member = Member(tmp_path / "a.zip" / "a.txt", container, container.getinfo("a.txt"))
    with zipfile.ZipFile(tmp_path / "a.zip") as container:
        member = Member(member.path, container, member.info)
        for file in (tmp_path / "a.txt", member):
            assert bytes_of(file, 10) == b"The ferry."
            with pytest.raises(InputError, match="has 10 bytes, at most 9"):
                bytes_of(file, 9)
        assert path_of(member) == tmp_path / "a.zip" / "a.txt"


def test_a_file_without_a_byte_is_told(tmp_path):
    (tmp_path / "a.pdf").touch()
    with pytest.raises(InputError, match="the file is empty"):
        bytes_of(tmp_path / "a.pdf", 10)


def test_a_file_that_grows_after_it_was_measured_is_not_cut_off(tmp_path):
    file = Stored(tmp_path / "a.txt", 10, lambda: io.BytesIO(b"The ferry sails on."))
    assert bytes_of(file, 19) == b"The ferry sails on."
    with pytest.raises(InputError, match="grew to more than 18 bytes while it was read"):
        bytes_of(file, 18)


def test_a_pipe_is_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not a regular file"):
        opened(tmp_path / "pipe")
