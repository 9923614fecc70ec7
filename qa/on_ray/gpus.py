"""GPUs of a Ray cluster, and whether an encoder runs on them."""

import logging
from dataclasses import replace

import ray
from ray.exceptions import RayError, RayTaskError

from corpus.errors import ClusterError
from embeddings.exported import FP32
from embeddings.onnx_session import NoGpu
from qa.on_ray.reasons import raised
from qa.on_ray.worker import Exported

_WAIT = 120.0  # seconds in which a first GPU has loaded the encoder, or none is used

_log = logging.getLogger(__name__)


def gpus_for(load: Exported) -> int:
    """How many GPUs the cluster has for that encoder; 0, and a note why, where the first can't run it.

    Only float32 runs there: int8 with a scale a token is made for processors. Raises ClusterError where
    the encoder can't be loaded for another reason than the GPU.
    """
    there = int(ray.cluster_resources().get("GPU", 0))
    if not there or load.passages != FP32:
        return 0
    tried = ray.remote(_loads).options(num_gpus=1, max_retries=0).remote(replace(load, on_gpu=True))
    try:
        ray.get(tried, timeout=_WAIT)
    except RayTaskError as error:
        if not isinstance(error.cause, NoGpu):
            raise ClusterError(
                f"a machine with a GPU can't load the encoder: {raised(error)}; "
                "install the same there as here, requirements.lock has it"
            ) from None
        _log.warning("note: no GPU is used: %s", error.cause)
        return 0
    except (RayError, TimeoutError) as error:
        ray.cancel(tried, force=True)
        _log.warning("note: no GPU is used: none was there within %.0f s (%s)", _WAIT, type(error).__name__)
        return 0
    return there


def _loads(load: Exported) -> None:
    load()
