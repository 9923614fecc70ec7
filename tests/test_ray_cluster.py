"""Joining a Ray cluster; here the program has one already, as far as it knows."""

import pytest

from corpus.errors import ClusterError
from qa.on_ray.cluster import Cluster, joined

ray = pytest.importorskip("ray", reason="Ray is not installed (requirements-scale.txt)")


@pytest.fixture
def program_has_one(monkeypatch):
    for name in ("USAGE_STATS_ENABLED", "ENABLE_WINDOWS_OR_OSX_CLUSTER", "AUTH_MODE", "AUTH_TOKEN"):
        monkeypatch.setenv(f"RAY_{name}", "0")  # put back afterwards
    monkeypatch.setattr(ray, "is_initialized", lambda: True)


@pytest.mark.usefixtures("program_has_one")
def test_a_cluster_that_fails_is_told_in_words():
    def working():
        with joined(None, workers=3) as cluster:
            assert cluster == Cluster(None, 3)
            ray.cluster_resources()  # there is none: Ray's own error

    with pytest.raises(ClusterError, match="the Ray cluster failed: System error: Ray has not been started"):
        working()
