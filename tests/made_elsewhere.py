"""Makes the files in `tests/data/elsewhere` by the programs that users have."""

import shutil
import subprocess
from pathlib import Path

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
