"""README's tables of measurements are what the scripts make of the files beside them."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "bench"))

import scale
import speed_table
from quality import with_table
from speed import MARKERS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "table", "markers"),
    [("speed.json", speed_table.table, MARKERS), ("scale.json", scale.table, scale.MARKERS)],
)
def test_a_table_in_readme_is_made_of_its_file(file, table, markers):
    found = json.loads((Path(__file__).parent / "bench" / file).read_text())
    assert with_table(README, table(found), markers) == README
