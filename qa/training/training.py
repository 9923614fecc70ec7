"""The training loop: several epochs, a checkpoint every few minutes, and on from there after a stop."""

import json
import logging
import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from qa.reader.windows import PairTokenizer
from qa.training.batches import Recipe, epoch_of
from qa.training.dev import DevQuestion, dev_scores
from qa.training.mining import Example
from qa.training.network import Batch, ReaderNetwork, losses

SEED = 2_026
_CHECKPOINT_EVERY = 240  # seconds
_LOGGED = 100  # batches between two lines of the log
_WARM_UP = 0.06  # of the whole run
_AVERAGED = 0.999  # decay of the weights' moving average, which is what is kept in the end
_NORM = 1.0  # of the gradients at most

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does. The learning rates are their highest, after warming up; both fall to 0."""

    epochs: float = 2.0  # the last one may be a part of one
    learning_rate: float = 1.5e-4
    head_learning_rate: float = 5e-4
    weight_decay: float = 0.01
    joint: float = 0.0  # weight of the loss over all passages of a question
    seed: int = SEED
    dev_every: int = 1_200  # batches
    recipe: Recipe = field(default_factory=Recipe)


@dataclass(slots=True)
class _Place:
    """How far a run is."""

    epoch: int = 0
    batch: int = 0  # of that epoch, done
    questions: int = 0  # of the whole run, done


class Run:
    """A network on its way. `folder` holds the log, the checkpoint and, once done, the weights."""

    def __init__(self, network: ReaderNetwork, plan: Plan, folder: Path, device: torch.device) -> None:
        self.network = network.to(device)
        self.plan = plan
        self.folder = folder
        self.device = device
        self._trained = {name: each for name, each in network.named_parameters() if each.requires_grad}
        self._average = {name: each.detach().clone() for name, each in self._trained.items()}
        heads = [each for name, each in self._trained.items() if not name.startswith("encoder.")]
        body = [each for name, each in self._trained.items() if name.startswith("encoder.")]
        self._optimiser = torch.optim.AdamW(
            [
                {"params": body, "lr": plan.learning_rate, "highest": plan.learning_rate},
                {"params": heads, "lr": plan.head_learning_rate, "highest": plan.head_learning_rate},
            ],
            weight_decay=plan.weight_decay,
            fused=True,
        )
        self._place = _Place()

    def train(
        self, examples: Sequence[Example], tokenizer: PairTokenizer, dev: Sequence[DevQuestion]
    ) -> Path:
        """Trains to the plan's end, from the last checkpoint if there is one; returns the weights' file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "plan.json").write_text(json.dumps(asdict(self.plan), indent=2) + "\n")
        self._resume()
        in_all = round(self.plan.epochs * len(examples))
        saved = time.monotonic()
        sums: dict[str, float] = {}
        summed = 0
        for epoch in range(self._place.epoch, math.ceil(self.plan.epochs)):
            done = self._place.batch if epoch == self._place.epoch else 0
            for at, batch in enumerate(
                epoch_of(examples, self.plan.recipe, tokenizer, self.plan.seed + epoch), 1
            ):
                if at <= done:
                    continue
                if self._place.questions >= in_all:
                    break
                for name, value in self._step(batch, self._place.questions / in_all).items():
                    sums[name] = sums.get(name, 0.0) + value
                summed += 1
                self._place = _Place(epoch, at, self._place.questions + int(batch.group.max()) + 1)
                if at % _LOGGED == 0:
                    self._log({name: round(value / summed, 4) for name, value in sums.items()})
                    sums, summed = {}, 0
                if at % self.plan.dev_every == 0 and dev:
                    self._log(self._dev(tokenizer, dev))
                if time.monotonic() - saved > _CHECKPOINT_EVERY:
                    self._save()
                    saved = time.monotonic()
        self._save()
        if dev:
            self._log(self._dev(tokenizer, dev))
        weights = self.folder / "weights.safetensors"
        with self._averaged():
            self.network.save(weights)
        return weights

    def _step(self, batch: Batch, progress: float) -> dict[str, float]:
        rate = min(progress / _WARM_UP, (1 - progress) / (1 - _WARM_UP))
        for group in self._optimiser.param_groups:
            group["lr"] = group["highest"] * max(rate, 1e-3)
        moved = Batch(*(getattr(batch, name).to(self.device) for name in Batch.__slots__))
        with torch.autocast(self.device.type, torch.bfloat16):
            loss = losses(self.network, moved)
        loss.total(joint=self.plan.joint).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(list(self._trained.values()), _NORM)
        self._optimiser.step()
        self._optimiser.zero_grad()
        steps = self._place.questions / max(1, int(batch.group.max()) + 1)
        decay = min(_AVERAGED, (1 + steps) / (10 + steps))
        with torch.no_grad():
            for name, each in self._trained.items():
                self._average[name].lerp_(each, 1 - decay)
        return {
            "span": loss.span.item(),
            "relevance": loss.relevance.item(),
            "ranking": loss.ranking.item(),
            "joint": loss.joint.item(),
            "pairs": float(len(batch.relevant)),
        }

    def _dev(self, tokenizer: PairTokenizer, dev: Sequence[DevQuestion]) -> dict[str, float]:
        with self._averaged():
            return {name: round(value, 4) for name, value in dev_scores(self.network, tokenizer, dev).items()}

    @contextmanager
    def _averaged(self) -> Iterator[None]:
        """Within it, the network has the moving average of its weights."""
        self._swap()
        try:
            yield
        finally:
            self._swap()

    def _swap(self) -> None:
        with torch.no_grad():
            for name, each in self._trained.items():
                kept = each.detach().clone()
                each.copy_(self._average[name])
                self._average[name].copy_(kept)

    def _log(self, measured: dict[str, float]) -> None:
        line = {"time": time.strftime("%H:%M:%S"), **asdict(self._place), **measured}
        logger.info("%s", line)
        with (self.folder / "log.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")

    def _save(self) -> None:
        """The whole state in one file, which replaces the last one at once."""
        state: dict[str, Tensor] = {}
        for name, each in self._trained.items():
            state[f"weight/{name}"] = each.detach()
            state[f"average/{name}"] = self._average[name]
            for key, value in self._optimiser.state[each].items():
                state[f"optimiser/{key}/{name}"] = value
        new = self.folder / "checkpoint.new"
        save_file(
            {name: value.contiguous() for name, value in state.items()},
            str(new),
            {"place": json.dumps(asdict(self._place))},
        )
        new.rename(self.folder / "checkpoint.safetensors")

    def _resume(self) -> None:
        file = self.folder / "checkpoint.safetensors"
        if not file.exists():
            return
        state = load_file(str(file), device=str(self.device))
        with torch.no_grad():
            for name, each in self._trained.items():
                each.copy_(state[f"weight/{name}"])
                self._average[name].copy_(state[f"average/{name}"])
                kept = {key: value for key, value in state.items() if key.endswith(f"/{name}")}
                self._optimiser.state[each] = {
                    key.split("/")[1]: value for key, value in kept.items() if key.startswith("optimiser/")
                }
        with file.open("rb") as opened:
            header = json.loads(opened.read(int.from_bytes(opened.read(8), "little")))
        self._place = _Place(**json.loads(header["__metadata__"]["place"]))
        logger.info("going on from %s", self._place)
