"""The table of measured quality in the README: newest figures of each set, between its markers."""

import importlib.util
from pathlib import Path

import pytest
from tiny_sets import beir

from qa.evaluate import evaluate


@pytest.fixture(scope="module")
def quality():
    path = Path(__file__).parent / "bench" / "quality.py"
    spec = importlib.util.spec_from_file_location("bench_quality", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measured(ndcg, *, p50=2.0):
    value = {"mean": ndcg, "low": ndcg - 0.01, "high": ndcg + 0.01, "n": 90}
    return {
        "questions": 1_200, "unanswerable": 1_110, "articles": 646, "nDCG@10": value, "Success@1": value,
        "sentence@1": value | {"n": 42}, "auroc": None, "calibration_error": 0.0461,
        "latency_ms": {"search": {"p50": 1.0}, "ask": {"p50": p50}},
    }  # fmt: skip


def run(date, **sets):
    names = {name.replace("_", "-"): found for name, found in sets.items()}
    return {"date": date, "commit": f"c{date[-2:]}", "command": f"run {' '.join(names)}", "sets": names}


def test_a_line_shows_means_intervals_and_how_many_questions_count(quality):
    assert quality.cells("xquad-en", measured(0.914)) == [
        "xquad-en", "1,200", "646", ".914 (.904 to .924)", ".914 (.904 to .924)", "–",
        ".914 (.904 to .924) [42]", "–", "–", "–", "–", ".046", "2",
    ]  # fmt: skip
    assert quality.estimate({"mean": 1.0, "low": 0.5, "high": 1.0, "n": 3}, 3) == "1.000 (.500 to 1.000)"


def test_the_table_takes_the_newest_figures_of_each_set(quality):
    history = [
        run("2026-11-20", xquad_en=measured(0.5), onestopqa=measured(0.6)),
        run("2026-11-21", xquad_en=measured(0.7)),
        run("2026-11-22", squad2_half=measured(0.8)),
    ]
    lines = quality.table(history).splitlines()
    rows = [line.split(" | ")[0].removeprefix("| ") + line.split(" | ")[3] for line in lines[2:5]]
    assert rows == [
        "squad2-half.800 (.790 to .810)",
        "xquad-en.700 (.690 to .710)",
        "onestopqa.600 (.590 to .610)",
    ]
    script = "python tests/bench/quality.py --sets"
    assert lines[-3:] == [
        f"onestopqa: 2026-11-20, commit c20, `{script} onestopqa`.",
        f"xquad-en: 2026-11-21, commit c21, `{script} xquad-en`.",
        f"squad2-half: 2026-11-22, commit c22, `{script} squad2-half`.",
    ]
    assert quality.table(history[:1]).endswith(f"All: 2026-11-20, commit c20, `{script} xquad-en,onestopqa`.")


def test_sets_measured_at_one_commit_share_a_line(quality):
    history = [run("2026-11-20", xquad_en=measured(0.5)), run("2026-11-20", onestopqa=measured(0.6))]
    assert quality.table(history).splitlines()[-1].startswith("All: 2026-11-20, commit c20, ")


def test_only_what_is_between_the_markers_changes(quality):
    begin, end = quality.MARKERS
    before = f"# A\n\n{begin}\n| old |\n{end}\n\n\\1 the rest\n"
    after = quality.with_table(before, "| new \\g<0> |", quality.MARKERS)
    assert after == f"# A\n\n{begin}\n\n| new \\g<0> |\n\n{end}\n\n\\1 the rest\n"
    assert quality.with_table(after, "| new \\g<0> |", quality.MARKERS) == after
    for text in ("no markers", begin * 2 + end):
        with pytest.raises(SystemExit, match=r"README\.md needs one"):
            quality.with_table(text, "x", quality.MARKERS)


def test_figures_of_a_run_make_a_line(quality, tmp_path):
    found = quality.figures(
        evaluate(beir(tmp_path / "coast"), model="hashed-words", cache=tmp_path / "cache")
    )
    line = quality.cells("onestopqa", found)
    assert line[:3] == ["onestopqa", "4", "6"]
    assert len(line) == len(quality.HEAD)
    assert "[" not in line[3]  # all three answerable questions are judged


def test_a_set_nobody_has_is_refused(quality, capsys):
    with pytest.raises(SystemExit) as exit:
        quality.main(["--sets", "squad2-half,squad3"])
    assert exit.value.code == 2
    assert "squad3: no such set; choose from squad2-half, xquad-en" in capsys.readouterr().err


def test_the_readme_has_the_markers(quality):
    text = quality.README.read_text(encoding="utf-8")
    assert [text.count(marker) for marker in quality.MARKERS] == [1, 1]
