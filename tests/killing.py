"""A writer that is killed at any moment, and what its archive must hold then.

An archive's state is what each article's text is by number: `{"buoy-007": 2}` for its second text.
"""

import json
import math
import multiprocessing
import os
import random
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from qa import Answerer, Archive, Retriever, adding, derived_files, index_files
from qa.doctor import diagnose
from qa.reader.loading import load_reader
from qa.verify import verify

BATCH = 5  # articles of one commit, of a passage each
ARTICLES = 120  # different ids
TEXTS = 3  # that an article has, one after the other
ROUND = 50  # kills of one archive; the next begins empty
SMALL = 60  # passages up to which an archive counts as small, in every other round
QUESTION = "Who painted buoy number 7?"
KINDS = ("add", "remove", "rebuild", "optimize")

State = dict[str, int]


@dataclass(frozen=True)
class Step:
    """One thing that a writer does: add those texts, remove those articles, or neither."""

    kind: str
    texts: State = field(default_factory=dict)
    ids: tuple[str, ...] = ()


def text_of(id: str, number: int) -> str:
    """Every third article has a line that its outlet repeats, which is marked once it is repeated enough."""
    call = "\n\nSign up for our newsletter and never miss a tide." if int(id[-3:]) % 3 == 0 else ""
    return f"Buoy number {int(id[-3:])} was painted by Tam Reddick, coat {number}.{call}"


def step_of(random: random.Random, state: State) -> Step:
    """What might come next; most often it adds."""
    kind = random.choices(KINDS, (5, 2, 2, 1))[0]
    if kind == "remove" and state:
        return Step(kind, ids=tuple(random.sample(sorted(state), min(len(state), random.randint(1, 8)))))
    if kind in ("rebuild", "optimize") and state:
        return Step(kind)
    ids = sorted(random.sample(range(ARTICLES), random.randint(1, 40)))
    return Step("add", {f"buoy-{at:03}": random.randint(1, TEXTS) for at in ids})


def outcomes(state: State, step: Step) -> list[State]:
    """Every state that is committed on the way, the one before and the one after included."""
    if step.kind == "remove":
        return [state, {id: text for id, text in state.items() if id not in step.ids}]
    changes = [(id, text) for id, text in step.texts.items() if state.get(id) != text]
    found = [state]
    for at in range(0, len(changes), BATCH):
        found.append(found[-1] | dict(changes[at : at + BATCH]))
    return found


def write(folder: Path, step: Step, *, small: int | None) -> None:
    """What a writer's process does: the step, BATCH articles a commit, an archive of over `small` large."""
    as_small(small)
    adding._BATCH = BATCH
    do(folder, step)


def do(folder: Path, step: Step) -> None:
    """Takes the step."""
    with Archive.open(folder) as archive:
        if step.kind == "add":
            file = folder.with_name("add.jsonl")
            file.write_text(
                "\n".join(
                    json.dumps(
                        {"id": id, "source": "Tern Gazette", "language": "en", "text": text_of(id, number)}
                    )
                    for id, number in step.texts.items()
                )
            )
            archive.add(file)
        elif step.kind == "remove":
            archive.remove(step.ids)
        elif step.kind == "rebuild":
            (folder / "vectors.json").unlink(missing_ok=True)
            shutil.rmtree(folder / "lexical", ignore_errors=True)
            archive.mend_derived()
            archive.mentions().close()
        else:
            archive.optimize()


def as_small(passages: int | None) -> None:
    """From here on archives of more passages count as large: sealed and extended."""
    if passages is not None:
        index_files.EXACT = derived_files.EXACT = passages


@dataclass
class Toll:
    """What came of the kills: how many hit a step under way, and seconds that opening took by the clock."""

    kills: int = 0
    under_way: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    seconds: list[float] = field(default_factory=list)

    def told(self) -> str:
        """In a line."""
        in_each = ", ".join(f"{count:,} in {kind}" for kind, count in self.under_way.items())
        seconds = sorted(self.seconds)
        return (
            f"{self.kills:,} kills ({in_each}): nothing lost, nothing damaged; opened and searched in "
            f"{seconds[len(seconds) // 2]:.3f} s (p50), {seconds[-1]:.3f} s at most, "
            f"{sum(each > 2 for each in seconds)} times in more than 2 s"
        )


def kill(folder: Path, count: int, *, seed: int = 0, seconds: float = math.inf) -> Toll:
    """Kills so many writers in the middle of a step, or as many as the time is enough for.

    Raises AssertionError where anything was lost.
    """
    ends = time.monotonic() + seconds
    chance = random.Random(seed)
    # By its path: Python 3.11 preloads nothing from this process's own.
    here = Path(__file__).parent
    os.environ["PYTHONPATH"] = os.pathsep.join([str(here), str(here.parent)])
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["killing"])
    reader = load_reader()
    toll = Toll()
    long: dict[str, float] = dict.fromkeys(KINDS, 0.3)  # seconds that a step of each kind takes, about
    archive, small, state, at = folder / "none", None, State(), 0
    exact = index_files.EXACT
    try:
        while toll.kills < count and time.monotonic() < ends:
            if at % ROUND == 0:
                small = SMALL if at // ROUND % 2 else exact
                archive = folder / f"archive-{at // ROUND}"
                as_small(small)
                Archive.create(archive, model="hashed-words").close()
                state = {}
            at += 1
            step = step_of(chance, state)
            before = time.monotonic()
            writer = context.Process(target=write, args=(archive, step), kwargs={"small": small})
            writer.start()
            writer.join(1.1 * long[step.kind] * chance.betavariate(1, 1.5))
            if writer.exitcode is None:
                writer.kill()
                writer.join()
                long[step.kind] *= 1.02
            if writer.exitcode == -9:
                toll.kills += 1
                toll.under_way[step.kind] += 1
            else:
                assert writer.exitcode == 0, f"{step} ended with exit code {writer.exitcode}"
                long[step.kind] = 0.7 * long[step.kind] + 0.3 * (time.monotonic() - before)
            state = checked(archive, state, step, reader, toll, ended=writer.exitcode == 0)
            if toll.kills % ROUND == 0:
                as_built_fresh(archive, state, folder / "fresh")
    finally:
        as_small(exact)
    return toll


def checked(archive: Path, state: State, step: Step, reader: object, toll: Toll, *, ended: bool) -> State:
    """What the archive holds after the step, which must be what was committed, whole and searchable."""
    began, worked = time.monotonic(), time.process_time()
    with Retriever(Archive.open(archive), reader=reader) as retriever:
        hits = retriever.search(QUESTION)
        toll.seconds.append(time.monotonic() - began)
        # Not by the clock, which others on the machine keep waiting.
        assert time.process_time() - worked < 2, f"opening took {time.process_time() - worked:.1f} s"
        held = state_of(retriever.archive)
        ways = outcomes(state, step)
        assert held in (ways[-1:] if ended else ways), f"{step} left {held}, before it was {state}"
        assert len(hits) == min(10, len(held))
        answer = json.loads(Answerer(retriever, threshold=0).ask(QUESTION).to_json())
        assert verify(answer, retriever.archive).ok
        diagnosis = diagnose(retriever.archive)
        assert diagnosis.ok, diagnosis
    return held


def state_of(archive: Archive) -> State:
    """What it holds; raises AssertionError where a text is none that was ever added."""
    held = {}
    for each in archive.articles():
        text = archive.article(each.id).text
        held[each.id] = next(at for at in range(1, TEXTS + 1) if text_of(each.id, at) == text)
    return held


def as_built_fresh(archive: Path, state: State, fresh: Path) -> None:
    """Compares its rankings, once every outlet is learned again, with those of a new archive."""
    if not state:
        return
    with Archive.create(fresh, model="hashed-words") as other:
        do(fresh, Step("add", dict(sorted(state.items()))))
        do(archive, Step("add", dict(sorted(state.items()))))
        do(archive, Step("optimize"))
        with Archive.open(archive) as ours:
            assert ranked(ours) == ranked(other)
    shutil.rmtree(fresh)


def ranked(archive: Archive) -> list[tuple[str, int, float]]:
    """Everything that it finds, with scores."""
    hits = Retriever(archive).search(QUESTION, 2 * ARTICLES)
    return [(hit.article_id, hit.start, hit.score) for hit in hits]
