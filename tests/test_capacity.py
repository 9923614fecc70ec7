"""The arithmetic of tests/bench/capacity.py, against values worked out by hand."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "bench"))

import capacity
from capacity import Line, Measured, Need


@pytest.fixture(autouse=True)
def no_room(monkeypatch):
    """Formulas alone, without what sizing adds."""
    monkeypatch.setattr(capacity, "ROOM", 1.0)


def test_the_room_is_that_of_the_published_example():
    raw = 8_000_000 * 768 * 4 / 2**30  # GiB
    assert raw == pytest.approx(22.9, abs=0.02)


def test_bytes_of_each_index_for_a_million_passages():
    # 1,000,000 × 384 × 4 bytes = 1.536 GB
    assert capacity.flat(10**6) == Need(1.536e9, 1.536e9)
    # a byte a number: 0.384 GB; two segments of 2^30 bytes, each 1,024 centres of 1,536 bytes: 3,145,728
    sq8 = capacity.ivf_sq8(10**6)
    assert sq8.memory == 384_000_000 + 3_145_728
    assert sq8.disk == 1.536e9 + 387_145_728
    # 2 × 16 links of 4 bytes, and a sixteenth of them above: 136 bytes a passage
    graph = capacity.hnsw(10**6)
    assert graph.memory == pytest.approx(1.536e9 + 136e6)
    assert graph.disk == pytest.approx(2 * 1.536e9 + 136e6)
    # .225 of the vectors; a node of 1,536 + 57 × 4 = 1,764 bytes, two in a sector of 4,096: 2,048 a passage
    disk = capacity.diskann(10**6)
    assert disk.memory == pytest.approx(0.3456e9)
    assert disk.disk == pytest.approx(1.536e9 + 2.048e9)


def test_nodes_hold_three_quarters_of_64_gb_each():
    assert Need(0, 0).nodes == 1
    assert Need(48e9, 0).nodes == 1
    assert Need(48e9 + 1, 0).nodes == 2
    assert Need(480e9, 0).nodes == 10


def test_a_line_goes_through_its_points():
    line = Line.through([(0, 100), (10, 120), (20, 140)])
    assert (line.base, line.each) == (100, 2)
    assert line.at(50) == 200
    assert line.reaches(300) == 100
    # least squares of (0, 0), (1, 2), (2, 1): slope .5, through the middle (1, 1)
    near = Line.through([(0, 0), (1, 2), (2, 1)])
    assert (near.base, near.each) == pytest.approx((0.5, 0.5))


FOOTPRINT = {
    "real": {"bytes": {"database": 2_000.0, "mentions": 500.0, "words": 100.0}, "terms": 50.0},
    "1000": {"passages": 1_000, "pss_mb": 101.0},
    "3000": {"passages": 3_000, "pss_mb": 103.0},
}
SPEED = {
    "search": {
        "real": {"ask": {"p95_ms": 999}},
        "5000": {"ask": {"p95_ms": 100.0}},
        "1000000": {"ask": {"p95_ms": 199.5}},
    },
    "encoder": {"one core": {"ours_per_s": 125.0}},
    "adding": {"5000": {"cpu_ms_a_passage": 1.0}, "1000000": {"cpu_ms_a_passage": 2.0}},
}


def test_what_was_measured_is_read():
    measured = Measured.read(FOOTPRINT, SPEED)
    assert measured.truth(1_000) == 2_500_000
    assert measured.sparse(1_000) == 1_000 * 50 * 8
    # a megabyte each thousand, from a hundred
    assert measured.resident.at(0) == pytest.approx(100e6)
    assert measured.resident.reaches(16e9) == pytest.approx(15.9e6)
    # 99.5 ms for 995,000 passages: .1 ms a thousand
    assert measured.ask_p95.at(2_000_000) == pytest.approx(299.5)
    # 8 ms to encode, 2 beside it in a large archive
    assert measured.adding == pytest.approx(0.010)


def test_the_tables_tell_it():
    measured = Measured.read(FOOTPRINT, SPEED)
    machine = capacity.one_machine(measured).splitlines()
    # a million: 2,500 + 100 + 384 + 8 bytes each; 100 MB + 1,000 MB; 10,000 s; a 32nd of it
    assert machine[2] == "| 1,000,000 | 3.0 | 1.1 | 2.8 | 0.1 | 200 |"
    assert "16 GB of memory at 16 million passages" in machine[-1]
    assert "300 ms of `ask` (p95) at 2.0 million" in machine[-1]
    assert "on one core at 8.6 million" in machine[-1]
    rows = capacity.engines(measured).splitlines()
    # words: 400 bytes a passage, 40 GB; Flat: 153.6 + 40 = 193.6 GB of memory and of disk, in nodes of 48 GB
    assert rows[4].startswith("| 100,000,000 | 194 / 194 GB, 5 | ")
    assert rows[4].endswith("| 40.0 GB | 250 GB |")
    assert len(rows) == 2 + 4


def test_the_readme_has_what_the_script_prints(capsys, monkeypatch):
    monkeypatch.undo()
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert capacity.main(["--print"]) == 0
    assert capsys.readouterr().out.strip() in readme
