"""What the page keeps of those who asked: a session a visitor, and nothing of a program's call."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
GOOD = "Who cut the ribbon at the harbour of Vell?"
ASKED = """
import json, sys
from starlette.testclient import TestClient
import app
from qa import Answerer
from qa.page.desk import Desk
from qa.page.options import parsed

kept = {}
blocks = app.page
def page(desk):
    kept["blocks"] = blocks(desk)
    return kept["blocks"]
app.page = page
with Answerer.open(sys.argv[1]) as answerer:
    served, _ = app.web_app(Desk(answerer), parsed([]))
    with TestClient(served, base_url="http://127.0.0.1:7860") as client:
        for session, version in ((None, ""), (None, "v2/"), ("mine", "")):
            data = [sys.argv[2], 3, None, "", "", "hybrid", "published", None, None, ""]
            body = {"data": data, "session_hash": session}
            call = client.post("/gradio_api/call/search", json=body).json()["event_id"]
            assert "event: complete" in client.get(f"/gradio_api/call/{version}search/{call}").text
        holder = kept["blocks"].state_holder
        print(json.dumps([list(holder.session_data), list(holder.time_last_used), holder.capacity]))
"""


def test_a_program_that_has_its_answer_leaves_nothing(made):
    environment = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False"}
    done = subprocess.run(
        [sys.executable, "-c", ASKED, str(made), GOOD],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[-1]) == [["mine"], ["mine"], 1_000]
