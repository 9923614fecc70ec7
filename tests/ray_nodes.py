"""A Ray cluster of two nodes, each processes of its own, on loopback: one core and a small object store each.

Run as a program it starts them, prints the cluster's address and the process ids of the second node, and
ends with its standard input.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ALONE = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # loopback alone
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": "5" * 64,
    "OMP_NUM_THREADS": "1",
}
_TRIES = 3
_NODE = {"num_cpus": 1, "object_store_memory": 100_000_000, "include_dashboard": False}


@contextmanager
def two_nodes():
    """The cluster's address, and the process id of the second node's raylet; nothing is left running."""
    place = tempfile.mkdtemp(prefix="ray", dir="/tmp")  # its sockets' names must be short
    keeper, told = _started(place)
    pids = below(keeper.pid)
    try:
        yield told["address"], told["second"]
    finally:
        keeper.stdin.close()
        try:
            keeper.wait(30)
        except subprocess.TimeoutExpired:
            end(keeper.pid)
        for pid in pids:
            end(pid)
        keeper.stdout.close()
        keeper.wait()
        shutil.rmtree(place, ignore_errors=True)


def _started(place):
    """The process that keeps the nodes, and what it tells of them; Ray waits for a node no longer than 30 seconds."""
    for _ in range(_TRIES):
        keeper = subprocess.Popen(
            [sys.executable, __file__, place],
            env={**os.environ, **ALONE},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        told = keeper.stdout.readline()
        if told:
            return keeper, json.loads(told)
        keeper.stdin.close()
        keeper.stdout.close()
        keeper.wait()
    raise AssertionError(f"the nodes did not come up in {_TRIES} tries; is the machine busy?")


def kill_node(raylet):
    """SIGKILL to a node's raylet and all it started, at once."""
    for pid in (raylet, *below(raylet)):
        end(pid)


def below(pid):
    """A process's children and theirs."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found += [int(file.parent.name), *below(int(file.parent.name))]
    return found


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_for(there, seconds, *, of=None):
    """Waits until something is so, while the process `of` lives."""
    ends = time.monotonic() + seconds
    while not there():
        assert of is None or of.poll() is None, of.communicate()
        assert time.monotonic() < ends, f"it is still not so after {seconds} seconds"
        time.sleep(0.02)


def main(place):
    from ray.cluster_utils import Cluster

    Path("/tmp/ray").mkdir(exist_ok=True)  # Cluster notes its address there, wherever its files are
    cluster = Cluster(initialize_head=True, head_node_args={**_NODE, "temp_dir": place})
    second = cluster.add_node(**_NODE)
    raylet = second.all_processes["raylet"][0].process.pid
    print(json.dumps({"address": cluster.address, "second": raylet}), flush=True)
    sys.stdin.read()
    cluster.remove_node(second)
    cluster.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
