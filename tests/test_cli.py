"""The command line's contract: commands, JSON keys, exit codes, and what goes to which stream."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from qa import Archive
from qa.cli import main
from qa.sample import DEFAULT, build_sample

ROOT = Path(__file__).parent.parent
VELL = ROOT / "tests" / "data" / "vell"
IDS = ["bridge", "census.txt", "flood", "harbour", "letter-1", "letter-2", "lighthouse", "strike"]
COMMANDS = ["add", "remove", "list", "show", "info", "optimize", "search", "ask", "verify", "doctor", "eval", "compare"]  # fmt: skip
QUESTION = "Who cut the ribbon in the harbour?"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """No test finds the developer's own archive."""
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    monkeypatch.delenv("QA_ARCHIVE", raising=False)


@pytest.fixture
def run(capsys, folder):
    """Runs a command on the archive: exit code, stdout, stderr."""

    def run(*arguments, archive=folder):
        named = ["--archive", str(archive)] if archive else []
        try:
            code = main([*map(str, arguments), *named])
        except SystemExit as left:
            code = left.code
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def json_of(run):
    """The JSON document a command prints, and its exit code; stdout has nothing else."""

    def json_of(*arguments, **options):
        code, out, _ = run(*arguments, "--json", **options)
        return code, json.loads(out)

    return json_of


def articles(folder):
    with Archive.open(folder) as archive:
        return [each.id for each in archive.articles()]


def write(folder, name, text):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def python(*arguments, cwd=ROOT, **options):
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        timeout=60,
        check=False,
        **options,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_the_two_common_options(run, command):
    code, out, err = run(command, "--help", archive=None)
    assert (code, err) == (0, "")
    for option in ("--archive DIR", "--json", "--help"):
        assert option in out


def test_the_help_names_every_command_and_exit_code(run):
    code, out, _ = run("--help", archive=None)
    assert code == 0
    assert all(f"\n    {command} " in out for command in COMMANDS)
    assert all(f"\n  {code}  " in out for code in (0, 1, 2, 130))


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["frobnicate"],
        ["add"],
        ["ask"],
        ["remove"],
        ["search", "x", "-k", "ten"],
        ["search", "x", "--mode", "fuzzy"],
        ["ask", "x", "--threshold", "high"],
        ["list", "--nope"],
    ],
)
def test_wrong_usage_exits_2_and_says_so_on_stderr(run, wrong):
    code, out, err = run(*wrong)
    assert (code, out) == (2, "")
    assert "error:" in err


def test_add_makes_an_archive_and_tells_ids(json_of, tmp_path):
    code, report = json_of("add", VELL, "--model", "hashed-words", archive=tmp_path / "new")
    assert code == 0
    assert list(report) == ["added", "replaced", "unchanged", "remarked", "failed", "generation"]
    assert (sorted(report["added"]), report["failed"], report["generation"]) == (IDS, [], 1)
    assert articles(tmp_path / "new") == IDS
    code, report = json_of("add", VELL, archive=tmp_path / "new")
    assert (code, report["added"], sorted(report["unchanged"]), report["generation"]) == (0, [], IDS, 1)


def test_add_tells_counts_to_people(run, tmp_path):
    write(tmp_path / "more", "a.txt", "The quay was painted green.")
    write(tmp_path / "more", "photo.jpg", "no text")
    code, out, err = run("add", tmp_path / "more", VELL)
    assert (code, out) == (0, "1 article added\n8 articles unchanged\n")
    assert err == "note: 1 file of other kinds left alone (.jpg)\n"


def test_add_of_a_file_that_fails_alone_exits_2_and_leaves_no_new_archive(json_of, run, tmp_path):
    bad = write(tmp_path / "bad", "bad.txt", "")
    code, report = json_of("add", bad, "--model", "hashed-words", archive=tmp_path / "new")
    assert code == 2
    assert [(list(each), each["path"]) for each in report["failed"]] == [(["path", "reason"], str(bad))]
    assert not (tmp_path / "new").exists()
    code, out, err = run("add", bad)
    assert (code, out) == (2, "")
    assert err.startswith(f"failed: {bad}: the file is empty")


def test_the_failures_of_an_add_are_counted_at_its_end(run, tmp_path):
    for name in ("a.txt", "b.txt"):
        write(tmp_path / "bad", name, "")
    assert run("add", tmp_path / "bad")[2].endswith("\nnote: 2 failures in all\n")
    (tmp_path / "bad" / "b.txt").unlink()
    assert "in all" not in run("add", tmp_path / "bad")[2]


def test_an_empty_archive_that_was_there_survives_a_file_that_fails(run, tmp_path):
    """With whatever else the user keeps in its folder."""
    Archive.create(tmp_path / "mine", model="hashed-words").close()
    bad = write(tmp_path / "mine", "bad.txt", "")
    assert run("add", bad, archive=tmp_path / "mine")[0] == 2
    assert bad.exists()
    assert articles(tmp_path / "mine") == []


def test_one_bad_among_a_hundred_exits_1_and_the_good_are_stored(json_of, folder, tmp_path):
    for number in range(100):
        write(tmp_path / "many", f"{number:03}.txt", f"Buoy {number} was painted." if number != 42 else "")
    code, report = json_of("add", tmp_path / "many")
    assert code == 1
    assert len(report["added"]) == 99
    assert [Path(each["path"]).name for each in report["failed"]] == ["042.txt"]
    assert len(articles(folder)) == 8 + 99


def test_a_missing_path_exits_2_and_stores_nothing(run, folder, tmp_path):
    code, out, err = run("add", VELL / "flood.md", tmp_path / "nowhere", "--json", archive=tmp_path / "new")
    assert (code, out) == (2, "")
    assert err == f"error: {tmp_path / 'nowhere'}: no such file or folder; check the path\n"
    assert not (tmp_path / "new").exists()


def test_a_folder_without_articles_exits_2(json_of, run, tmp_path):
    (tmp_path / "empty").mkdir()
    code, out, err = run("add", tmp_path / "empty", "--model", "hashed-words", archive=tmp_path / "new")
    assert (code, out) == (2, "")
    assert "no file of a kind that is read was found" in err
    assert not (tmp_path / "new").exists()


def test_prefix_lets_two_articles_of_one_id_live_side_by_side(json_of, folder, tmp_path):
    twin = write(tmp_path / "twin", "flood.md", "---\nid: flood\n---\nAnother flood, elsewhere.\n")
    code, report = json_of("add", twin)
    assert (code, report["added"]) == (2, [])
    assert "'flood' is already that of" in report["failed"][0]["reason"]
    assert "--prefix NAME" in report["failed"][0]["reason"]
    code, report = json_of("add", twin, "--prefix", "b")
    assert (code, report["added"]) == (0, ["b/flood"])


def test_another_model_than_the_archives_exits_2(run, folder):
    with Archive.open(folder) as archive, archive.writing("test") as connection:
        connection.execute("UPDATE settings SET value = 'some-other-model' WHERE name = 'encoder'")
    code, out, err = run("add", VELL, "--model", "hashed-words")
    assert (code, out) == (2, "")
    assert "made by some-other-model" in err
    assert "at hand is hashed-words" in err


def test_remove_tells_what_it_removed(json_of, folder):
    assert json_of("remove", "flood", "strike", "flood") == (
        0,
        {"removed": ["flood", "strike"], "generation": 2},
    )
    assert articles(folder) == [id for id in IDS if id not in ("flood", "strike")]


def test_an_unknown_id_removes_nothing(run, folder):
    code, out, err = run("remove", "flood", "nobody", "--json")
    assert (code, out) == (2, "")
    assert err == "error: no article has the id 'nobody'; nothing was removed\n"
    assert articles(folder) == IDS


def test_list_has_the_contracts_keys_by_id(json_of, run):
    code, listed = json_of("list")
    assert code == 0
    assert [each["id"] for each in listed] == IDS
    assert {tuple(each) for each in listed} == {("id", "title", "source", "published", "sha256")}
    assert listed[1]["source"] is None
    code, out, _ = run("list")
    assert out.splitlines()[2] == "flood · 2031 · Tern Gazette · Spring flood reaches the lower town"


def test_show_gives_facts_text_and_furniture(json_of, run, folder):
    code, shown = json_of("show", "harbour")
    assert code == 0
    with Archive.open(folder) as archive:
        article = archive.article("harbour")
    assert shown["text"] == article.text
    assert shown["sha256"] == article.sha256
    assert [mark["kind"] for mark in shown["furniture"]] == ["headline", "caption", "player", "call"]
    code, out, _ = run("show", "harbour")
    assert code == 0
    assert out.startswith("id:        harbour\ntitle:     Harbour of Vell reopens after two years\n")
    assert "\nlanguage:  en\n" in out
    assert out.endswith("Pia Corder is a journalist and author of a book on the storm of 2029.\n")


@pytest.mark.parametrize("id", ["nobody", "", "\udcff"])
def test_show_of_an_unknown_id_exits_2(run, id):
    code, out, err = run("show", id)
    assert (code, out) == (2, "")
    assert err.startswith("error: no article has the id ")


def test_info_tells_counts_and_what_made_it(json_of, run):
    code, told = json_of("info")
    assert code == 0
    assert (told["articles"], told["undated"], told["newest"]) == (8, 1, "2032-01-15")
    assert (told["encoder"], told["dimension"], told["generation"]) == ("hashed-words", 256, 1)
    assert told["sources"] == ["Marrow Post", "Tern Gazette", "Вестник Велла"]
    assert run("info")[0] == 0


def test_optimize_makes_the_indexes_anew(json_of, folder):
    shutil.rmtree(folder / "lexical")
    assert json_of("optimize") == (0, {"generation": 1})
    with Archive.open(folder) as archive:
        assert archive.on_disk().lacking == []


def test_search_is_a_list_best_first_with_the_contracts_keys(json_of, run):
    code, hits = json_of("search", QUESTION, "-k", 3)
    assert (code, len(hits)) == (0, 3)
    assert {tuple(hit) for hit in hits} == {
        ("article_id", "start", "end", "text", "score", "title", "source", "published")
    }
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert (hits[0]["article_id"], hits[0]["published"]) == ("harbour", "2031-04-02")
    code, out, err = run("search", QUESTION, "-k", 1)
    assert (code, err) == (0, "")
    assert out.startswith("1. ")


@pytest.mark.parametrize("mode", ["hybrid", "dense", "bm25"])
def test_search_takes_modes_filters_and_rerank(json_of, mode):
    _, hits = json_of("search", "Vell", "--mode", mode, "--source", "marrow post", "--source", "TERN GAZETTE", "--since", "2031-05")  # fmt: skip
    assert {hit["article_id"] for hit in hits} <= {"flood", "letter-1", "lighthouse"}
    assert "letter-1" in {hit["article_id"] for hit in hits}
    code, reranked = json_of("search", QUESTION, "--rerank")
    assert code == 0
    assert reranked[0]["article_id"] == "harbour"


def test_nothing_found_is_done(json_of, run):
    assert json_of("search", "walrus", "--mode", "bm25") == (0, [])
    assert run("search", "walrus", "--mode", "bm25")[2] == "note: no passage was found\n"


@pytest.mark.parametrize("command", ["search", "ask"])
def test_undated_articles_left_out_are_counted_on_stderr(run, command):
    code, out, err = run(command, "Vell", "--since", "2031", "--json")
    assert code == 0
    json.loads(out)
    assert err == "note: 1 article without a date left out by --since or --until\n"
    assert run(command, "Vell", "--source", "Tern Gazette", "--since", "2031")[2] == ""


def test_ask_has_the_contracts_keys_and_is_what_to_json_gives(json_of, run, folder):
    from qa import Answerer

    code, answer = json_of("ask", QUESTION)
    assert code == 0
    assert list(answer)[:11] == [
        "question", "today", "abstained", "reason_code", "reason", "confidence", "threshold",
        "variants", "dates", "quotes", "related",
    ]  # fmt: skip
    assert answer["quotes"][0]["text"] == "Mayor Ona Brisk cut the ribbon before some two hundred people."
    assert list(answer["quotes"][0])[:10] == [
        "n", "article", "start", "end", "text", "span", "score", "same_as", "page", "as_of",
    ]  # fmt: skip
    with Answerer.open(folder) as answerer:
        assert run("ask", QUESTION, "--json")[1] == answerer.ask(QUESTION).to_json() + "\n"


def test_ask_takes_its_options(json_of):
    _, answer = json_of("ask", QUESTION, "--max-quotes", 1, "--threshold", 0.1, "--today", "2040")
    assert (len(answer["quotes"]), answer["threshold"], answer["today"]) == (1, 0.1, "2040")


def test_abstaining_is_done_and_says_so(json_of, run):
    code, answer = json_of("ask", QUESTION, "--threshold", 1)
    assert (code, answer["abstained"], answer["quotes"]) == (0, True, [])
    assert list(answer["related"][0]) == ["article", "start", "end", "text", "score"]
    code, out, _ = run("ask", QUESTION, "--threshold", 1)
    assert code == 0
    assert out.startswith("The archive doesn't say. ")
    assert "Not an answer, but near:" in out


BAD = [
    (["ask", ""], "the question is empty"),
    (["ask", " \n"], "the question is empty"),
    (["ask", "x" * 100_000], "100,000 characters, at most 2,000"),
    (["ask", "?!…"], "no letter or digit"),
    (["ask", "who \udcff"], "lone surrogate"),
    (["search", "x", "--since", "soon"], "'soon' is not a date"),
    (["search", "x", "--until", ""], "'' is not a date"),
    (["search", "x", "--since", "2032", "--until", "2031"], "since 2032 is after until 2031"),
    (["search", "x", "--source", "Tern"], "the nearest are 'Tern Gazette'"),
    (["search", "x", "--source", "\udcff"], "no article's source is"),
    (["search", "x", "-k", "0"], "k is 0"),
    (["ask", "x", "--threshold", "1.5"], "the threshold is 1.5"),
    (["ask", "x", "--threshold", "nan"], "the threshold is nan"),
    (["ask", "x", "--max-quotes", "0"], "max_quotes is 0"),
    (["ask", "x", "--today", "someday"], "'someday' is not a date"),
    (["add", "a\udcff"], "no such file or folder"),
    (["add", str(VELL), "--prefix", "\udcff"], "the prefix holds a lone surrogate"),
    (["verify", "nowhere.json"], "No such file"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), BAD)
def test_input_that_cannot_be_used_exits_2_in_one_line_and_changes_nothing(run, folder, arguments, said):
    code, out, err = run(*arguments, "--json")
    assert (code, out) == (2, "")
    assert said in err
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert articles(folder) == IDS


def test_a_missing_archive_that_was_named_exits_2_for_every_command(run, tmp_path, monkeypatch):
    answer = write(tmp_path, "answer.json", '{"quotes": []}')
    commands = [["list"], ["info"], ["show", "x"], ["remove", "x"], ["optimize"], ["search", "x"], ["ask", "x"], ["verify", answer], ["doctor"]]  # fmt: skip
    for command in commands:
        code, out, err = run(*command, archive=tmp_path / "nowhere")
        assert (code, out) == (2, ""), command
        assert "no archive there; make one with" in err
    monkeypatch.setenv("QA_ARCHIVE", str(tmp_path / "nowhere"))
    assert run("list", archive=None)[0] == 2
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("command", [["list"], ["doctor"], ["ask", "x"], ["add", str(VELL)]])
def test_a_damaged_or_newer_archive_exits_2(run, folder, command):
    with Archive.open(folder) as archive, archive.writing("test") as connection:
        connection.execute("UPDATE settings SET value = 99 WHERE name = 'format'")
    code, out, err = run(*command, "--json")
    assert (code, out) == (2, "")
    assert "format 99" in err
    assert "update Onrecord" in err
    (folder / "archive.db").write_bytes(b"")
    for log in folder.glob("archive.db-*"):
        log.unlink()
    code, out, err = run(*command, "--json")
    if command == ["doctor"]:  # which finds what is wrong, and is done by that
        assert (code, json.loads(out)["ok"], err) == (1, False, "")
        assert "damaged or no archive" in json.loads(out)["checks"][0]["detail"]
        return
    assert (code, out) == (2, "")
    assert "damaged or no archive" in err


def test_a_locked_archive_exits_2_naming_the_holder(run, folder):
    with Archive.open(folder) as other, other.writing("add"):
        for command in (["add", VELL], ["remove", "flood"], ["optimize"]):
            code, out, err = run(*command, "--json")
            assert (code, out) == (2, "")
            assert f"is being written by process {os.getpid()}" in err
        assert run("ask", QUESTION)[0] == 0


def test_an_interrupted_command_exits_130(run, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Archive, "add_found", interrupted)
    code, out, err = run("add", VELL)
    assert (code, out) == (130, "")
    assert err == "interrupted; what was committed before is kept\n"


def test_verify_takes_what_ask_printed_from_a_file_or_stdin(run, json_of, tmp_path, monkeypatch):
    printed = run("ask", QUESTION, "--json")[1]
    file = write(tmp_path, "answer.json", printed)
    code, verdict = json_of("verify", file)
    assert (code, verdict["ok"]) == (0, True)
    assert {quote["status"] for quote in verdict["quotes"]} == {"ok"}
    assert [quote["n"] for quote in verdict["quotes"]] == list(range(1, len(verdict["quotes"]) + 1))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(printed.encode("utf-8"))))
    assert run("verify", "-")[0] == 0


def test_verify_exits_1_and_says_which_quote(run, json_of, tmp_path):
    answer = json.loads(run("ask", QUESTION, "--json")[1])
    answer["quotes"][0]["text"] = "Nobody cut the ribbon."
    file = write(tmp_path, "answer.json", json.dumps(answer))
    code, verdict = json_of("verify", file)
    assert (code, verdict["ok"], verdict["quotes"][0]["status"]) == (1, False, "altered")
    code, out, _ = run("verify", file)
    assert (code, out.splitlines()[0]) == (1, "quote 1: altered (the words are not those at its offsets)")


def test_an_answer_without_quotes_verifies_saying_so(run, tmp_path):
    file = write(tmp_path, "answer.json", run("ask", "Zyx qwop?", "--json")[1])
    code, out, _ = run("verify", file)
    assert code == 0
    assert "the answer has no quotes" in out


@pytest.mark.parametrize("text", ["", "not JSON", "[]", "{}", "7", "[" * 100_000, '{"quotes": 7}', "\udcff"])
def test_verify_of_what_is_no_answer_exits_2(run, tmp_path, text):
    file = tmp_path / "answer.json"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    code, out, err = run("verify", file, "--json")
    assert (code, out) == (2, "")
    assert "is not JSON" in err or "this is no answer" in err


def test_doctor_of_a_sound_archive_and_of_one_without_its_files(json_of, run, folder):
    code, found = json_of("doctor")
    assert (code, list(found), found["ok"], found["rebuilt"]) == (0, ["ok", "checks", "rebuilt"], True, [])
    assert {tuple(check) for check in found["checks"]} == {("name", "ok", "detail")}
    shutil.rmtree(folder / "lexical")
    code, found = json_of("doctor")
    assert (code, found["ok"], found["rebuilt"]) == (0, True, ["lexical"])
    (folder / "vectors.faiss").unlink()
    code, out, _ = run("doctor")
    assert code == 0
    assert out.endswith("made anew: vectors.faiss\n")


def test_doctor_exits_1_until_it_repairs_what_can_be_repaired(json_of, folder):
    with Archive.open(folder) as archive, archive.writing("test") as connection:
        connection.execute("DELETE FROM articles WHERE id = 'flood'")
    assert json_of("doctor")[0] == 1
    code, found = json_of("doctor", "--repair")
    assert (code, found["rebuilt"]) == (0, ["vectors.faiss", "lexical"])
    with Archive.open(folder) as archive, archive.writing("test") as connection:
        connection.execute("UPDATE articles SET sha256 = 'f00' WHERE id = 'harbour'")
    code, found = json_of("doctor", "--repair")
    assert (code, found["ok"]) == (1, False)


@pytest.fixture
def default():
    build_sample(DEFAULT, model="hashed-words")
    return DEFAULT


def test_the_default_archive_is_used_when_none_is_named(json_of, default, monkeypatch, folder):
    assert all(each["id"].startswith("brief-") for each in json_of("list", archive=None)[1])
    monkeypatch.setenv("QA_ARCHIVE", str(folder))
    assert [each["id"] for each in json_of("list", archive=None)[1]] == IDS


def test_the_sample_makes_way_for_the_users_first_own_articles(run, json_of, default):
    code, out, err = run("add", VELL, "--json", archive=None)
    assert code == 0
    assert err == "note: the 5 sample briefs made way for your own articles\n"
    assert json.loads(out)["generation"] == 3  # the sample, the add, the removal
    assert articles(default) == IDS


def test_the_sample_stays_when_nothing_of_the_users_could_be_added(run, default, tmp_path):
    assert run("add", write(tmp_path / "bad", "bad.txt", ""), archive=None)[0] == 2
    assert len(articles(default)) == 5


def test_the_sample_in_an_archive_that_was_named_stays(run, tmp_path, monkeypatch):
    briefs = ROOT / "corpus" / "articles"
    named = tmp_path / "named"
    assert run("add", briefs, "--model", "hashed-words", archive=named)[0] == 0
    monkeypatch.setenv("QA_ARCHIVE", str(named))
    assert run("add", VELL, archive=None)[0] == 0
    assert len(articles(named)) == 5 + 8


def test_add_before_anything_else_makes_a_default_archive_without_the_sample(run):
    code, _, err = run("add", VELL, "--model", "hashed-words", archive=None)
    assert (code, err) == (0, "")
    assert articles(DEFAULT) == IDS


def test_words_for_a_terminal_carry_no_escapes(run, tmp_path):
    evil = write(tmp_path / "evil", "a\x1b[31m.jpg", "x")
    write(
        tmp_path / "evil",
        "b.md",
        '---\ntitle: "a\\e[31mred"\nid: "x\\e]0;pwned\\a"\n---\nThe quay \x1b[2J was painted.\n',
    )
    outputs = [
        run("add", evil.parent),
        run("list"),
        run("search", "quay painted"),
        run("ask", "Was the quay painted?"),
    ]
    outputs.append(run("show", "x\x1b]0;pwned\x07"))
    assert [code for code, _, _ in outputs] == [0] * 5
    assert not any("\x1b" in out + err for _, out, err in outputs)


LIGHT = [
    ["--help"],
    ["list"],
    ["show", "flood"],
    ["info"],
    ["verify", "answer.json"],
    ["doctor"],
    ["ask", "--help"],
]


@pytest.mark.parametrize("command", LIGHT)
def test_commands_that_need_no_model_import_neither_torch_nor_gradio(folder, tmp_path, command, run):
    write(tmp_path, "answer.json", run("ask", QUESTION, "--json")[1])
    script = (
        "import sys, qa.cli\n"
        "try: code = qa.cli.main(sys.argv[1:])\n"
        "except SystemExit as left: code = left.code\n"
        "heavy = {'torch', 'gradio', 'transformers', 'sentence_transformers', 'pandas'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "sys.exit(code)"
    )
    done = python("-c", script, *command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT), "QA_ARCHIVE": str(folder)})  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")


def buffered():
    """The environment of a user, whose stdout is buffered when it is no terminal."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


@pytest.mark.parametrize("unbuffered", [{}, {"PYTHONUNBUFFERED": "1"}])
def test_a_pipe_that_closes_early_is_no_error(folder, unbuffered):
    process = subprocess.Popen(
        [sys.executable, "-m", "qa", "list", "--archive", str(folder), "--json"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**buffered(), **unbuffered},
    )  # fmt: skip
    process.stdout.close()  # long before anything is written
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


@pytest.mark.parametrize("unbuffered", [{}, {"PYTHONUNBUFFERED": "1"}])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_stdout_is_told(folder, unbuffered):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "qa", "list", "--archive", str(folder)],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False, env={**buffered(), **unbuffered},
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, b"error: the system: No space left on device\n")


def test_output_is_utf_8_whatever_the_locale(folder):
    done = python(
        "-m", "qa", "list", "--archive", folder, env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    )
    assert done.returncode == 0
    assert "Вестник Велла" in done.stdout.decode("utf-8")


def test_names_and_dates_are_told_and_can_be_switched_off(json_of, run):
    question = "What ribbon did Ona Brysk cut in May 2031?"
    _, answer = json_of("ask", question)
    assert answer["variants"] == {"Ona": ["Ona", "Она"], "Brysk": ["Brysk", "Brisk", "Бриск"]}
    assert answer["dates"] == [{"asked": "May 2031", "first": "2031-05-01", "last": "2031-05-31"}]
    assert "Brysk · Brisk · Бриск" in run("ask", question)[1]
    _, strict = json_of("ask", question, "--no-variants", "--no-dates")
    assert (strict["variants"], strict["dates"]) == ({}, [])
    _, without = json_of("ask", question, "--without", "бриск")
    assert without["variants"]["Brysk"] == ["Brysk", "Brisk"]


def test_since_and_until_can_be_of_what_passages_mention(json_of):
    _, hits = json_of("search", "storm", "--since", "2029", "--until", "2029", "--by", "event")
    assert hits
    assert all("2029" in hit["text"] for hit in hits)
    assert json_of("search", "storm", "--since", "1700", "--until", "1710", "--by", "event") == (0, [])
