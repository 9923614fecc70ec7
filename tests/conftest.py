"""Settings and fixtures of all tests."""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # before any library reads it
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "onrecord",
    derandomize=True,  # the same examples on every machine and every run
    deadline=None,  # FAISS and sentencex are slow on their first call
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("onrecord")

pytest.register_assert_rewrite("browsing")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The developers' folder beside the repository; users don't have it."""
    folder = Path(__file__).parents[2] / "shared"
    if not (folder / "articles").is_dir():
        pytest.skip(f"{folder} is not here: these tests need the developers' articles and data")
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the invented articles in `data/vell`, encoded by hashed words; only to be read."""
    from qa import Archive

    folder = tmp_path_factory.mktemp("made") / "archive"
    with Archive.create(folder, model="hashed-words") as archive:
        archive.add(Path(__file__).parent / "data" / "vell")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of that archive, to be changed and broken."""
    return Path(shutil.copytree(made, tmp_path / "archive"))


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, driven by Playwright; skips where Playwright is missing."""
    from browsing import ARGUMENTS, CHROMIUM

    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is missing")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def ferry_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the three invented articles that the page is tried on."""
    from browsing import write_articles

    from qa import Archive

    articles = tmp_path_factory.mktemp("articles")
    write_articles(articles)
    folder = tmp_path_factory.mktemp("archives") / "archive"
    with Archive.create(folder, model="hashed-words") as archive:
        archive.add(articles)
    return folder


@pytest.fixture
def ferry_copy(ferry_archive: Path, tmp_path: Path) -> Path:
    """A copy of that archive, to be changed."""
    return Path(shutil.copytree(ferry_archive, tmp_path / "archive"))


@pytest.fixture(scope="module")
def address(ferry_archive: Path) -> Iterator[str]:
    """Where the page is served over it."""
    from browsing import served

    with served(ferry_archive) as url:
        yield url


@pytest.fixture
def page(browser, address):
    """The page, opened by a fresh visitor."""
    from browsing import visited

    with visited(browser, address) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres_server():
    """A PostgreSQL server for all tests of a session; skips where none is installed."""
    from postgres_server import served

    with served() as server:
        yield server


_SCHEMAS = count(1)


@pytest.fixture
def postgres(postgres_server, monkeypatch, tmp_path):
    """That server, its password in the environment, and a folder for what is derived here."""
    from postgres_server import PASSWORD

    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    monkeypatch.setenv("QA_DERIVED", str(tmp_path / "derived"))
    return postgres_server


@pytest.fixture
def new_address(postgres):
    """Makes addresses on that server, each of a schema that no test had before."""
    return lambda: postgres.address(f"test_{next(_SCHEMAS):04}")


@pytest.fixture(params=["folder", pytest.param("postgresql", marks=pytest.mark.slow)])
def new_place(request, tmp_path_factory):
    """Makes places for archives: new folders, or new addresses."""
    if request.param == "postgresql":
        return request.getfixturevalue("new_address")
    return lambda: tmp_path_factory.mktemp("places") / "archive"
