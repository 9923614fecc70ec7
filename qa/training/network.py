"""The reader as it is trained: a small encoder with a span head and a relevance head."""

from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AttentionInterface, AutoModel, BertModel
from transformers.masking_utils import AttentionMaskInterface, eager_mask

_NEVER = -1e4  # the logit of what can't be chosen
_ATTENTION = "half precision throughout"


def _half_attention(
    _module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    **_: object,
) -> tuple[Tensor, None]:
    """Scaled dot-product attention in the queries' own precision, softmax included.

    Of shape (batch, heads, length, dimension). Autocast would take the scores to single precision
    and back: half as many readings a second again without (DECISIONS.md).
    """
    batch, heads, length, dimension = query.shape
    with torch.autocast(query.device.type, enabled=False):
        q, k, v = (each.reshape(batch * heads, length, dimension) for each in (query, key, value))
        mask = query.new_zeros(batch, 1, 1, length) if attention_mask is None else attention_mask
        mask = mask[:, :, :1].to(query.dtype).expand(batch, heads, 1, length).reshape(-1, 1, length)
        scores = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=scaling or dimension**-0.5)
        mixed = torch.bmm(torch.softmax(scores, dim=-1), v)
    return mixed.reshape(batch, heads, length, dimension).transpose(1, 2), None


AttentionInterface.register(_ATTENTION, _half_attention)
AttentionMaskInterface.register(_ATTENTION, eager_mask)


class ReaderNetwork(nn.Module):
    """For tokens of shape (batch, length): start and end logits of that shape, relevance of (batch,).

    Position 0 stands for "no answer here". Embeddings are not trained.
    """

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.span = nn.Linear(encoder.config.hidden_size, 2)
        self.relevance = nn.Linear(encoder.config.hidden_size, 1)

    @classmethod
    def from_encoder(cls, folder: Path) -> "ReaderNetwork":
        """The heads new, the encoder as it lies in the folder, without dropout: twice as fast here."""
        encoder = AutoModel.from_pretrained(
            folder, add_pooling_layer=False, attn_implementation=_ATTENTION, local_files_only=True
        )
        for module in encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        encoder.embeddings.requires_grad_(requires_grad=False)
        return cls(encoder)

    def forward(self, ids: Tensor, mask: Tensor, kinds: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Start logits, end logits, relevance; positions outside the mask are not masked here."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=kinds).last_hidden_state
        start, end = self.span(hidden).unbind(-1)
        return start, end, self.relevance(hidden[:, 0]).squeeze(-1)

    def save(self, file: Path) -> None:
        """Writes the weights as safetensors."""
        save_file({name: value.contiguous() for name, value in self.state_dict().items()}, str(file))

    def load(self, file: Path) -> None:
        """Reads the weights that `save` wrote."""
        self.load_state_dict(load_file(str(file)))


@dataclass(frozen=True, slots=True)
class Batch:
    """Readings side by side, padded. `choosable` marks position 0 and the passage's tokens.

    `start` and `end` are target distributions over positions, `relevant` 1 or 0. `group` numbers the
    readings that belong to one question; a group without a relevant reading is not ranked.
    """

    ids: Tensor
    mask: Tensor
    kinds: Tensor
    choosable: Tensor
    start: Tensor
    end: Tensor
    relevant: Tensor
    group: Tensor


@dataclass(frozen=True, slots=True)
class Losses:
    """The parts of the loss, each a mean over the batch."""

    span: Tensor
    relevance: Tensor
    ranking: Tensor
    joint: Tensor

    def total(self, *, joint: float) -> Tensor:
        """Their sum, with that weight on the joint one: what is minimised."""
        return self.span + self.relevance + self.ranking + joint * self.joint


def losses(network: ReaderNetwork, batch: Batch) -> Losses:
    """Cross entropy of spans and of relevance, each within a reading and against the rest of its group."""
    start, end, relevance = (x.float() for x in network(batch.ids, batch.mask, batch.kinds))
    span = _cross_entropy(start, batch.start, batch.choosable) + _cross_entropy(
        end, batch.end, batch.choosable
    )
    same = batch.group[:, None] == batch.group[None, :]
    within = relevance[None, :].masked_fill(~same, _NEVER)
    chosen = torch.log_softmax(within, dim=1).diagonal()
    return Losses(
        span=span / 2,
        relevance=nn.functional.binary_cross_entropy_with_logits(relevance, batch.relevant),
        ranking=-(chosen * batch.relevant).sum() / batch.relevant.sum().clamp(min=1),
        joint=(_joint(start, batch.start, batch, same) + _joint(end, batch.end, batch, same)) / 2,
    )


def _joint(logits: Tensor, target: Tensor, batch: Batch, same: Tensor) -> Tensor:
    """Cross entropy over the tokens of all passages of a group, each less its own "no answer".

    That difference is what orders passages when a question is asked (`qa.reader.spans`). After the
    shared normalisation of Clark and Gardner (2018, arXiv:1710.10723).
    """
    margins = (logits - logits[:, :1]).masked_fill(~batch.choosable, _NEVER)
    margins = torch.cat([torch.full_like(margins[:, :1], _NEVER), margins[:, 1:]], dim=1)
    in_group = torch.logsumexp(torch.logsumexp(margins, dim=1)[None, :].masked_fill(~same, _NEVER), dim=1)
    loss = (in_group - (target * margins).sum(1)) * batch.relevant
    return loss.sum() / batch.relevant.sum().clamp(min=1)


def _cross_entropy(logits: Tensor, target: Tensor, choosable: Tensor) -> Tensor:
    chosen = torch.log_softmax(logits.masked_fill(~choosable, _NEVER), dim=1)
    return -(target * chosen).sum(1).mean()
