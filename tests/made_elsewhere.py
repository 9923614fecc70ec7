"""Makes the files in `tests/data/elsewhere` by the programs that users have."""

import shutil
import subprocess
from pathlib import Path

from serving import served

SOURCES = Path(__file__).parent / "data" / "elsewhere"


def by_libreoffice(folder):
    """ferry.docx, ferry.pdf and ferry.epub in `folder`."""
    shutil.copy(SOURCES / "ferry.fodt", folder)
    for kind in ("docx", "pdf", "epub"):
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
             "--convert-to", kind, "--outdir", str(folder), str(folder / "ferry.fodt")],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip


def by_chromium(folder):
    """page.html and page.mhtml in `folder`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((SOURCES / "page-source.html").as_uri())
        (folder / "page.html").write_text(page.content(), encoding="utf-8")
        snapshot = page.context.new_cdp_session(page).send("Page.captureSnapshot")
        (folder / "page.mhtml").write_bytes(snapshot["data"].encode())
        browser.close()


RUSSIAN = """<html lang=ru><head><title>Маяк в Остре</title></head><body><article>
<p>Маяк в Остре снова открыт для посетителей, сообщила хранительница маяка Лена Холм в субботу.</p>
<p>Инженеры три месяца осматривали башню и нашли её стены прочными.</p></article></body></html>"""


def by_wget(folder):
    """pages.warc.gz in `folder`: a page, one in windows-1251, a redirect, a picture and what is not there."""
    pages = {
        "/page": (200, {"Content-Type": "text/html"}, (SOURCES / "page.html").read_bytes()),
        "/moved": (302, {"Location": "/page"}, b""),
        "/russian": (200, {"Content-Type": "text/html; charset=windows-1251"}, RUSSIAN.encode("cp1251")),
        "/picture": (200, {"Content-Type": "image/png"}, b"\x89PNG"),
    }
    with served(pages) as (host, _):
        done = subprocess.run(
            ["wget", "--quiet", "--no-config", "--no-hsts", "--warc-file=pages", "--output-document=/dev/null",
             *(f"http://{host}{path}" for path in (*pages, "/page", "/nothing"))],
            check=False, cwd=folder, capture_output=True, timeout=60,
        )  # fmt: skip
    assert done.returncode == 8, "what is not there is answered with 404"
