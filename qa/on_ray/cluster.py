"""A Ray cluster: one that is joined by its address, or one of this machine alone, started for a while."""

import logging
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from corpus.errors import ClusterError, InputError
from embeddings.cores import usable_cores
from qa.on_ray.reasons import in_a_line

_ANSWER = 5.0  # seconds in which a machine takes a connection
_HEALTH = 30.0  # seconds in which Ray itself answers; most are importing it
_OBJECTS = 200_000_000  # bytes for what processes of this machine hand each other, little
_SHORT = 30  # characters of a folder under which Ray's sockets have room


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where Ray runs, and how many workers of one core each it has room for."""

    address: str | None  # None for one of our own
    workers: int


def check_installed() -> None:
    """Raises InputError where Ray is not installed."""
    if find_spec("ray") is None:
        raise InputError("Ray is not installed; `pip install -r requirements-scale.txt` brings it")


@contextmanager
def joined(address: str | None, *, workers: int | None = None) -> Iterator[Cluster]:
    """The cluster at `address`, HOST:PORT, or without one a cluster of this machine, while in the block.

    `workers` is how many to have, by default one a core. Raises InputError where Ray is not installed,
    ClusterError where the cluster doesn't answer, is of another version, can't be started or fails meanwhile.
    """
    check_installed()
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if address is not None:
        _check_answers(address)
    else:
        # Loopback alone: Ray has this switch for systems whose firewalls would ask.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        os.environ["RAY_AUTH_MODE"] = "token"
        os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)  # else Ray keeps one in the home folder
    import ray  # noqa: PLC0415  (only who asks for it)

    if ray.is_initialized():  # a program's own
        with _failures_told():
            yield Cluster(address, workers or _room())
        return
    place = None if address else Path(tempfile.mkdtemp(prefix="onrecord-ray-", dir=_short_folder()))
    try:
        if place is None:
            _begin(address, address=address)
        else:
            options = {
                "num_cpus": workers or usable_cores(),
                "include_dashboard": False,
                "object_store_memory": _OBJECTS,
                "_temp_dir": str(place),
            }
            try:
                _begin(None, address="local", **options)
            except ClusterError:  # a busy machine takes longer than Ray waits
                ray.shutdown()
                _begin(None, address="local", **options)
        with _failures_told():
            yield Cluster(address, workers or _room())
    finally:
        ray.shutdown()
        if place is not None:
            shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _failures_told() -> Iterator[None]:
    """Raises ClusterError where Ray itself fails in the block, a cluster's head that is gone for one."""
    from ray.exceptions import RayError  # noqa: PLC0415  (as above)

    try:
        yield
    except RayError as error:
        raise ClusterError(
            f"the Ray cluster failed: {in_a_line(error)}; what was committed before is kept"
        ) from error


def _begin(named: str | None, **options: object) -> None:
    """Raises ClusterError where Ray doesn't."""
    import ray  # noqa: PLC0415  (as above)

    try:
        ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)
    except (Exception, SystemExit) as error:  # noqa: BLE001  (it raises bare Exceptions, for one)
        raise ClusterError(_why_not(named, error)) from None


def _check_answers(address: str) -> None:
    """Raises ClusterError where nothing takes a connection there, or what does is no Ray."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _ANSWER).close()
    except (OSError, ValueError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ClusterError(
            f"no Ray cluster answers at {address} ({reason}); start one, `ray start --head`, and give "
            "HOST:PORT of its head"
        ) from None
    health = (sys.executable, "-m", "ray.scripts.scripts", "health-check", "--skip-version-check")
    try:
        done = subprocess.run(  # noqa: S603  (in a process of its own: it may wait for ever, or abort)
            (*health, "--address", address), capture_output=True, timeout=_HEALTH, check=False
        )
        healthy = done.returncode == 0
    except subprocess.TimeoutExpired:
        healthy = False
    if not healthy:
        raise ClusterError(
            f"what answers at {address} is no Ray cluster that this machine may use; give HOST:PORT of its "
            "head (port 6379 as a rule), and its token in RAY_AUTH_TOKEN where it has one"
        )


def _why_not(address: str | None, error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if "ersion mismatch" in str(error):
        return f"the Ray cluster at {address} is of another version: {' '.join(lines)}"
    if address is None:
        return f"Ray can't be started on this machine: {lines[0] if lines else repr(error)}"
    return (
        f"the Ray cluster at {address} can't be joined: {lines[0] if lines else repr(error)} "
        f"(this machine must be part of it: `ray start --address {address}`)"
    )


def _room() -> int:
    import ray  # noqa: PLC0415

    nodes = [node["Resources"].get("CPU", 0) for node in ray.nodes() if node["Alive"]]
    return max(1, sum(map(int, nodes)))


def _short_folder() -> str:
    usual = tempfile.gettempdir()
    return usual if len(usual) <= _SHORT else "/tmp"  # noqa: S108  (a folder of our own is made in it)
