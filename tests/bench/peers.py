"""Ours beside the peers' scripts on the same set, each in a process of its own that may use one core.

The peers want an environment of their own: pip install -r ../shared/peers/requirements.txt, then
`--peers` names its Python. Times are of processor time.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measuring import DATA, REPOSITORY, Found, Wanted

from qa.evaluate.statistics import difference_of

OURS = "Onrecord"
_HERE = Path(__file__).parent
_SCRIPTS = REPOSITORY.parent / "shared" / "peers"
_SET = DATA / "squad2-half"
_PEERS = {
    "txtai hybrid": ("txtai_peer.py", "hybrid"),
    "LlamaIndex": ("llamaindex_peer.py",),
    "Haystack": ("haystack_peer.py",),
}


def measure(wanted: Wanted) -> Iterator[tuple[str, Found]]:
    """A row for each peer, with what nDCG@10 is less than ours; then ours."""
    if wanted.peers is None:
        sys.stderr.write("no Python that has the peers was named by --peers: none is measured\n")
        return
    with tempfile.TemporaryDirectory() as scratch:
        ours = _run(sys.executable, _HERE / "our_peer.py", scratch)
        opened = _run(sys.executable, _HERE / "our_peer.py", scratch)
    for name, (script, *options) in _PEERS.items():
        row = _run(str(wanted.peers), _SCRIPTS / script, *options)
        behind = difference_of(row.pop("ndcg"), ours["ndcg"])
        if behind is not None:
            row["behind"] = [round(each, 4) for each in (behind.mean, behind.low, behind.high)]
        yield name, row
    ours.pop("ndcg")
    yield OURS, ours | {"opened_s": opened["load_s"], "opened_rss_mb": opened["peak_rss_mb"]}


def _run(python: str, script: Path, *options: str) -> Found:
    """What peer_run.py prints of a script."""
    command = [python, str(_HERE / "peer_run.py"), str(_SCRIPTS), str(script), str(_SET), *options]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    found: Found = json.loads(done.stdout.splitlines()[-1])
    return found
