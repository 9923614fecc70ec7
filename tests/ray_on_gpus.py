"""A program that encodes on a Ray cluster of one GPU, as far as Ray knows, and prints what was used.

python tests/ray_on_gpus.py EXPORT SPOOL LOG
"""

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import ray

from corpus.errors import ClusterError
from embeddings.hashed_words import HashedWordsEncoder
from embeddings.onnx_encoder import OnnxEncoder
from qa.on_ray.cluster import joined
from qa.on_ray.encoding import encoding_on
from qa.on_ray.gpus import gpus_for
from qa.on_ray.worker import Exported

TEXTS = ["The ferry sails on Monday.", "The crane stands still."]


@dataclass(frozen=True)
class Pretends(Exported):
    """Loads on a GPU where there is none, and writes down which Ray gave it."""

    log: str = ""

    def __call__(self):
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(f"{self.on_gpu} {ray.get_gpu_ids()}\n")
        return HashedWordsEncoder()


@dataclass(frozen=True)
class Broken(Exported):
    """Can't be had on any worker, as where a package is missing there."""

    def __reduce__(self):
        return _missing, ()


def _missing():
    raise ModuleNotFoundError("No module named 'onnxruntime'")


def main(export, spool, log):
    ray.init(num_cpus=2, num_gpus=1, include_dashboard=False, log_to_driver=False)
    real = Exported.of(OnnxEncoder.load(Path(export), passages="fp32", questions="fp32"))
    encoder = HashedWordsEncoder()
    pretends = Pretends({}, "fp32", log=log)
    with (
        joined(None) as cluster,
        encoding_on(cluster, lambda: encoder, Path(spool), load=pretends) as encoding,
        encoding() as encodes,
    ):
        found = encodes.begin(TEXTS).result().vectors
    same = all(np.array_equal(found[text], encoder.encode_passages([text])[0]) for text in TEXTS)
    told = {"real": gpus_for(real), "int8": gpus_for(replace(pretends, passages="int8-rows")), "same": same}
    try:
        gpus_for(Broken({}, "fp32"))
    except ClusterError as error:
        told["broken"] = str(error)
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
