"""What runs in a Ray worker: the encoder, loaded once, and blocks of texts through it."""

import os
import socket
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import EncoderMismatch
from embeddings.encoder import Encoder, Vectors
from embeddings.exported import contents
from embeddings.loading import load_encoder
from embeddings.onnx_encoder import OnnxEncoder
from qa.spool import Shelf

_NEAR = 0.999  # cosine; other processors differ in the last bits only
PROBE = "Two ferries left the harbour on 9 April 2023, one of them without its captain."


@dataclass(frozen=True, slots=True)
class Named:
    """An encoder that is loaded by its name, its weights compared."""

    name: str
    weights_sha256: str
    passages: str
    questions: str

    def __call__(self) -> Encoder:
        """Loads it. Raises EncoderMismatch where it has other weights here, InputError where it isn't."""
        encoder = load_encoder(self.name, passages=self.passages, questions=self.questions)
        if encoder.weights_sha256 != self.weights_sha256:
            raise EncoderMismatch(
                f"{self.name} has weights {encoder.weights_sha256[:12]}… here, "
                f"expected {self.weights_sha256[:12]}…; put the same model on every machine"
            )
        return encoder


@dataclass(frozen=True, slots=True)
class Exported:
    """An encoder by the bytes of its export, which the driver sends along: no hub, no torch."""

    files: Mapping[str, bytes]
    passages: str
    on_gpu: bool = False

    @classmethod
    def of(cls, encoder: OnnxEncoder) -> "Exported":
        """The files that encoder needs for passages, as they lie in its folder."""
        return cls(
            contents(encoder.folder, variants=frozenset({encoder.passage_variant})), encoder.passage_variant
        )

    def __call__(self) -> Encoder:
        """Loads it, every file's hash compared with the manifest's.

        Raises NotExported where one differs, NoGpu where it is to run on one that can't be used.
        """
        with tempfile.TemporaryDirectory(prefix="onrecord-") as place:
            for name, content in self.files.items():
                (Path(place) / name).write_bytes(content)
            variants = {"passages": self.passages, "questions": self.passages}
            return OnnxEncoder.load(Path(place), **variants, on_gpu=self.on_gpu)


Loads = Callable[[], Encoder]


def loading(encoder: Encoder) -> Loads:
    """How workers come by this encoder."""
    if isinstance(encoder, OnnxEncoder):
        return Exported.of(encoder)
    variants = encoder.passage_variant, encoder.question_variant
    return Named(encoder.name, encoder.weights_sha256, *variants)


@dataclass(frozen=True, slots=True)
class Plan:
    """What every worker is told."""

    threads: int  # of a worker: the cores it has
    gpus: int  # of a worker: 0 or 1
    shelf: Shelf
    probe: Vectors  # of PROBE, as the driver's encoder has it


class Worker:
    """The actor. `load` is called once, here."""

    def __init__(self, load: Loads, plan: Plan) -> None:
        os.environ["OMP_NUM_THREADS"] = str(plan.threads)
        self._shelf = plan.shelf
        self._encoder = load()
        self._spools = plan.shelf.is_seen()
        likeness = float(self._encoder.encode_passages([PROBE])[0] @ plan.probe)
        if not likeness >= _NEAR:
            raise EncoderMismatch(
                f"the encoder gives other vectors on {socket.gethostname()} (cosine {likeness:.4f}); "
                "install the same versions there, requirements.lock has them"
            )

    def ready(self) -> bool:
        """Whether it sees the folder for encoded blocks; answers once the encoder is loaded."""
        return self._spools

    def encode(self, texts: Sequence[str], keep: bool) -> tuple[Vectors, Path | None]:
        """Their vectors, and the file they were kept in where it was asked for and can be written here."""
        vectors = self._encoder.encode_passages(texts)
        if not (keep and self._spools):
            return vectors, None
        try:
            return vectors, self._shelf.put(texts, vectors)
        except OSError:
            return vectors, None  # the driver tries, and tells
