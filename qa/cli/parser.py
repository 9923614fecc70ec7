"""What can be typed after `python -m qa`, with the help for it."""

import argparse
from argparse import Namespace
from collections.abc import Callable
from importlib import import_module

from corpus.kinds import KINDS
from embeddings.sentence_transformer import DEFAULT_MODEL
from qa.cli import ray_options
from qa.cli.moving_options import take_options
from qa.filters import DATES_OF
from qa.parts import MAX_QUOTES
from qa.reader.onnx_reader import NAME as READER
from qa.retriever import MODES

_EPILOG = """\
examples:
  python -m qa add articles/ --archive var/mine
  python -m qa ask "Who was detained in Oral?" --archive var/mine
  python -m qa ask "Who was detained in Oral?" --json | python -m qa verify -

exit codes:
  0  done, also when nothing was found or the archive doesn't say
  1  something was wrong in what was checked, or some of the files failed
  2  wrong usage or input, nothing stored; or the archive is locked, full or too new
  130  interrupted
"""

PARTS = {
    "reprints": "which other articles print the same words",
    "differences": "which figures of different articles differ or agree",
    "voices": "whose words a quote is",
    "follow-ups": "what a question takes over from the ones before",
}

_QUESTION_SETS = """\
a question set is one of:
  a BEIR folder            queries.jsonl, qrels*.tsv and, for a corpus of its own, corpus.jsonl
  a SQuAD 1.1 or 2.0 file  FILE.json; its paragraphs are the corpus
  TREC topics              FILE --qrels FILE, asked of --archive
  your own questions       FILE.jsonl, asked of --archive; start from `eval --template`:

    {"id": "q1", "question": "Who …?", "answers": ["short answer"], "answerable": true, "kind": "person",
     "gold": [{"article": "an id that `list` shows", "quote": "the words that answer, copied from it"}]}

  `gold` names every article that answers, `answers` the short answers if you care for them; a
  question that nothing in the archive answers has "answerable": false and no gold; `kind` is any
  word you want results sliced by. "after": ["…"] are questions before it, "said_by" whose words are
  asked for, "expects" what is to be said of its figures ("figures differ", "different occasions",
  "agreement" or "nothing").
  `eval --check FILE` says which quotes are not where they should be.
"""


class _Wide(argparse.RawDescriptionHelpFormatter):
    """Help beside each command: argparse forgets their indent when it measures the longest."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = 14


def parser() -> argparse.ArgumentParser:
    """The parser of every command; the chosen one's function is in `run`."""
    whole = argparse.ArgumentParser(
        prog="python -m qa",
        description="Answers questions from an archive of articles in the archive's own words.",
        epilog=_EPILOG,
        formatter_class=_Wide,
    )
    commands = whole.add_subparsers(metavar="COMMAND", required=True)
    _keeping(commands)
    _asking(commands)
    _checking(commands)
    _measuring(commands)
    return whole


def _keeping(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = _command(commands, "add", "adding.add", "store articles: files, folders, web addresses")
    add.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help=f"a file ({' '.join(KINDS)}), a folder of them, or the address of a page or a feed",
    )
    add.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FACT=COLUMN",
        help="which column of a table, or field of JSONL, holds the text or a fact, as text=body; repeat",
    )
    add.add_argument(
        "--watch", action="store_true", help="then go on, adding what comes or changes in the folder named"
    )
    add.add_argument(
        "--allow-private",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="fetch from that host though its address is not public; repeat for more",
    )
    add.add_argument("--prefix", metavar="NAME", help="put NAME/ before each article's id")
    add.add_argument(
        "--model",
        metavar="NAME",
        help=f"the encoder of a new archive: a sentence-transformers model by name or folder, "
        f"or hashed-words (default: {DEFAULT_MODEL})",
    )
    ray_options.take_options(add)
    remove = _command(commands, "remove", "keeping.remove", "remove articles by id")
    remove.add_argument("ids", nargs="+", metavar="ID", help="an article's id, as `list` shows it")
    _command(commands, "list", "keeping.list_articles", "list the articles")
    show = _command(commands, "show", "keeping.show", "show one article, or what is marked as furniture")
    show.add_argument("id", metavar="ID", nargs="?", help="an article's id, as `list` shows it")
    show.add_argument(
        "--furniture",
        action="store_true",
        help="which words are marked as menus, calls and the like (of all articles without an ID)",
    )
    _command(commands, "info", "keeping.info", "what the archive holds and what made it")
    _command(commands, "optimize", "keeping.optimize", "make the indexes anew and give back free space")
    export = _command(commands, "export", "moving.export_archive", "write the archive as a file")
    import_ = _command(commands, "import", "moving.import_file", "make an archive of such a file")
    migrate = _command(commands, "migrate", "moving.migrate_archive", "move an archive elsewhere")
    take_options(export, import_, migrate)


def _asking(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    search = _command(commands, "search", "searching.search", "find passages, best first")
    _question(search)
    search.add_argument("-k", type=int, default=10, metavar="N", help="passages at most (default: 10)")
    search.add_argument("--mode", choices=MODES, default="hybrid", help="default: hybrid")
    search.add_argument(
        "--rerank", action="store_true", help="first the passages that `ask` would read, in its order"
    )
    ask = _command(commands, "ask", "asking.ask", "answer in quotes, or say that the archive doesn't")
    _question(ask)
    ask.add_argument(
        "--max-quotes",
        type=int,
        default=MAX_QUOTES,
        metavar="N",
        help=f"quotes at most (default: {MAX_QUOTES})",
    )
    ask.add_argument(
        "--threshold",
        type=float,
        metavar="P",
        help="abstain below this confidence, 0 to 1 (default: the calibration's)",
    )
    ask.add_argument(
        "--said-by", metavar="NAME", help="only what this person or body says, as an article tells"
    )
    ask.add_argument(
        "--after",
        action="append",
        default=[],
        metavar="QUESTION",
        help="a question before this one, which may lean on it; repeat for more, oldest first",
    )
    ask.add_argument(
        "--drop",
        action="append",
        default=[],
        metavar="WORDS",
        help="words not to take over from the questions before, as `ask` shows them; repeat for more",
    )
    for part, what in PARTS.items():
        ask.add_argument(f"--no-{part}", action="store_true", help=f"leave out {what}")
    for command in (search, ask):
        _reader(command)
        _meaning(command)
        command.add_argument(
            "--today", metavar="DATE", help="the day of asking (default: the newest date in the archive)"
        )


def _checking(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verify = _command(
        commands, "verify", "checking.verify_file", "check an answer's quotes against the archive"
    )
    verify.add_argument("file", metavar="FILE", help="what `ask --json` printed, or - for stdin")
    doctor = _command(commands, "doctor", "checking.doctor", "check the archive itself")
    doctor.add_argument(
        "--repair", action="store_true", help="make indexes anew that disagree with the database"
    )


def _measuring(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    measure = _command(
        commands, "eval", "evaluating.eval_set", "measure retrieval and answers on a question set"
    )
    measure.formatter_class = argparse.RawDescriptionHelpFormatter
    measure.epilog = _QUESTION_SETS
    measure.add_argument("dataset", nargs="?", metavar="DATASET", help="the question set, see below")
    measure.add_argument("--qrels", metavar="FILE", help="the judgements that go with a TREC topics file")
    measure.add_argument("--split", metavar="NAME", help="which of several qrels files, as in qrels/NAME.tsv")
    measure.add_argument(
        "--sample", type=int, metavar="N", help="ask only N of the questions, always the same"
    )
    measure.add_argument("--mode", choices=MODES, default="hybrid", help="of retrieval (default: hybrid)")
    measure.add_argument(
        "--threshold",
        type=float,
        metavar="P",
        help="of abstaining (default: the calibration's)",
    )
    _reader(measure)
    _meaning(measure)
    measure.add_argument(
        "--on-off",
        action=argparse.BooleanOptionalAction,
        help="ask also without each part, and tell what each kind of question gains by it "
        "(default: for your own questions)",
    )
    measure.add_argument(
        "--model",
        metavar="NAME",
        default=DEFAULT_MODEL,
        help="encoder of a set's own corpus (default: the usual)",
    )
    measure.add_argument(
        "--out", metavar="FOLDER", help="write report.html, rows, summary and TREC files there"
    )
    measure.add_argument("--check", metavar="FILE", help="only check a question file against the archive")
    measure.add_argument("--template", action="store_true", help="print a question file to start from")
    fit = _command(
        commands,
        "calibrate",
        "evaluating.calibrate_reader",
        "fit confidence to question sets, on half of each",
    )
    fit.add_argument("datasets", nargs="+", metavar="DATASET", help="a question set, as for eval")
    fit.add_argument("--out", required=True, metavar="FILE", help="the calibration, for --calibration")
    _chosen_reader(fit)
    fit.add_argument(
        "--model",
        metavar="NAME",
        default=DEFAULT_MODEL,
        help="encoder of a set's own corpus (default: the usual)",
    )
    pair = _command(
        commands, "compare", "evaluating.compare_runs", "compare two runs that `eval --out` wrote"
    )
    pair.add_argument("first", metavar="A", help="a folder that `eval --out` wrote")
    pair.add_argument("second", metavar="B", help="another, of the same questions")


def _later(command: str) -> Callable[[Namespace], int]:
    """What `module.function` of this folder does, imported when it is run: each has others to import."""
    module, name = command.split(".")

    def run(options: Namespace) -> int:
        return int(getattr(import_module(f"qa.cli.{module}"), name)(options))

    return run


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: str, help: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
    command.add_argument(
        "--archive",
        metavar="DIR",
        help="its folder, or an address, which may name what searches it (README, Past one machine; "
        "default: $QA_ARCHIVE, else var/archive, built from the sample)",
    )
    command.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    command.set_defaults(run=_later(run))
    return command


def _reader(command: argparse.ArgumentParser) -> None:
    _chosen_reader(command)
    command.add_argument(
        "--calibration", metavar="FILE", help="what `calibrate` wrote for that reader (default: its own)"
    )


def _chosen_reader(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--reader",
        metavar="NAME",
        default=READER,
        help="a question-answering model or a CrossEncoder by name or folder (default: our own)",
    )


def _meaning(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--no-variants", action="store_true", help="search names as they are spelled in the question alone"
    )
    command.add_argument(
        "--no-dates", action="store_true", help="take dates in the question for words like any other"
    )
    command.add_argument(
        "--without", action="append", metavar="SPELLING", help="don't search this spelling; repeat for more"
    )


def _question(command: argparse.ArgumentParser) -> None:
    command.add_argument("question", metavar="QUESTION", help="in plain words, in quotes")
    command.add_argument(
        "--source", action="append", metavar="NAME", help="only articles of this source; repeat for more"
    )
    command.add_argument("--since", metavar="DATE", help="only articles of this day, month or year, or later")
    command.add_argument(
        "--until", metavar="DATE", help="only articles of this day, month or year, or earlier"
    )
    command.add_argument(
        "--by",
        choices=DATES_OF,
        default=DATES_OF[0],
        help="what --since and --until limit: when articles appeared, or the days that passages mention",
    )
