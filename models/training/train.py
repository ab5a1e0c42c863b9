"""The model and its training, on one machine without a GPU: llama's architecture in plain torch.

The plan follows the wall clock: the learning rate warms up, holds, and falls linearly to zero when
``--hours`` are over, so that a run on a busy machine still ends where it should. Time in which the process
was stopped does not count. Matrices are trained with Muon, the rest with AdamW. A run that was stopped goes
on from its newest checkpoint.

Sources: Touvron et al. 2023, "LLaMA" (the architecture); Jordan et al. 2024, "Muon" (the optimizer);
Hägele et al. 2024, "Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations" (the decay).
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from attrs import asdict, define, field, frozen
from torch import Tensor, nn
from torch.nn import functional

from codenook.models.training.corpus import CorpusError
from codenook.models.training.rows import KINDS, MIDDLE, TEXT, read_shard
from codenook.models.training.schedule import Plan, Stopwatch, rate

MATRIX = 2  # dimensions

HAS_BFLOAT16: bool = any(torch.cpu.get_capabilities().get(name) for name in ("amx_bf16", "avx512_bf16"))
"""Whether this processor multiplies bfloat16 itself. With two cores the default model then learns from 10,400
tokens a second (AMX) or 5,400 (AVX-512) instead of 3,400; elsewhere bfloat16 is slower than float32."""


@frozen
class Shape:
    """The size of the model. All widths are multiples of 32, the block of llama.cpp's Q8_0."""

    n_vocabulary: int = 8192
    n_layers: int = 6
    width: int = 192
    n_heads: int = 6
    n_kv_heads: int = 2
    width_ff: int = 512
    n_context: int = 1024  # tokens, of a row and of the model's window
    rope_base: float = 10_000.0
    norm_epsilon: float = 1e-5

    @property
    def width_head(self) -> int:
        """The width of one attention head."""
        return self.width // self.n_heads


class Attention(nn.Module):
    """Causal attention; several query heads share one key and value head."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width_kv = shape.n_kv_heads * shape.width_head
        self.q = nn.Linear(shape.width, shape.width, bias=False)
        self.k = nn.Linear(shape.width, width_kv, bias=False)
        self.v = nn.Linear(shape.width, width_kv, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Let each token of ``x`` look at those before it."""
        rows, length, _ = x.shape
        q, k, v = (
            project(x).view(rows, length, -1, self.shape.width_head).transpose(1, 2)
            for project in (self.q, self.k, self.v)
        )
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        repeats = self.shape.n_heads // self.shape.n_kv_heads
        k, v = k.repeat_interleave(repeats, 1), v.repeat_interleave(repeats, 1)
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        return cast("Tensor", self.out(mixed.transpose(1, 2).reshape(rows, length, -1)))


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate neighbouring pairs of ``x`` by their position: the pairing of llama.cpp's llama models."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)


class FeedForward(nn.Module):
    """SwiGLU."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.gate = nn.Linear(shape.width, shape.width_ff, bias=False)
        self.up = nn.Linear(shape.width, shape.width_ff, bias=False)
        self.down = nn.Linear(shape.width_ff, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Transform each token of ``x``."""
        return cast("Tensor", self.down(functional.silu(self.gate(x)) * self.up(x)))


class Block(nn.Module):
    """One layer."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention_norm = nn.RMSNorm(shape.width, shape.norm_epsilon)
        self.attention = Attention(shape)
        self.ff_norm = nn.RMSNorm(shape.width, shape.norm_epsilon)
        self.ff = FeedForward(shape)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """Add what attention and the feed-forward network find to ``x``."""
        x = x + self.attention(self.attention_norm(x), cos, sin)
        return cast("Tensor", x + self.ff(self.ff_norm(x)))


class Model(nn.Module):
    """A llama model whose output matrix is its embedding."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.n_vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.n_layers))
        self.norm = nn.RMSNorm(shape.width, shape.norm_epsilon)
        frequencies = shape.rope_base ** -(torch.arange(0, shape.width_head, 2) / shape.width_head)
        angles = torch.outer(torch.arange(shape.n_context).float(), frequencies)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)
        for name, weight in self.named_parameters():
            if weight.ndim == MATRIX:
                into_residual = name.endswith(("out.weight", "down.weight"))
                std = 0.02 if name == "embedding.weight" else 0.5 / math.sqrt(weight.shape[1])
                nn.init.normal_(weight, std=std * (0.1 if into_residual else 1.0))

    def forward(self, ids: Tensor) -> Tensor:
        """Return the logits after each token."""
        length = ids.shape[1]
        cos, sin = cast("Tensor", self.cos)[:length], cast("Tensor", self.sin)[:length]
        x = self.embedding(ids)
        for block in self.blocks:
            x = block(x, cos, sin)
        return functional.linear(self.norm(x), self.embedding.weight)


def losses(model: nn.Module, rows: Tensor) -> Tensor:
    """Return the loss of each next token, in nats; ``rows`` is (rows, context + 1)."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HAS_BFLOAT16):
        logits = model(rows[:, :-1])
        nats = functional.cross_entropy(logits.flatten(0, 1), rows[:, 1:].flatten(), reduction="none")
    return nats.float()


def batches(folder: Path, n_rows: int, skip: int, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield (rows, kinds) without end, in an order that depends only on the shards and the seed.

    Shards are read in the order of their names, and the folder is looked at again after each, so that
    shards may still be written while training runs. ``skip`` batches were seen by earlier runs.
    """
    epoch = 0
    while True:
        done: set[Path] = set()
        while fresh := [path for path in sorted(folder.glob("train-*.npz")) if path not in done]:
            rows, kinds = read_shard(fresh[0])
            done.add(fresh[0])
            order = np.random.default_rng((seed, epoch, len(done))).permutation(len(rows))
            for at in range(0, len(order) - n_rows + 1, n_rows):
                if skip:
                    skip -= 1
                    continue
                chosen = order[at : at + n_rows]
                yield torch.from_numpy(rows[chosen].astype(np.int64)), torch.from_numpy(kinds[chosen])
        if not done:
            raise CorpusError(f"{folder} holds no train-*.npz: run the examples step first")
        epoch += 1


def optimizers(model: Model, plan: Plan) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside the layers, AdamW for the rest."""
    matrices = [p for p in model.blocks.parameters() if p.ndim == MATRIX]
    inside = {id(p) for p in matrices}
    rest = [p for p in model.parameters() if id(p) not in inside]
    return [
        torch.optim.Muon(matrices, lr=plan.lr_matrices, weight_decay=plan.weight_decay, momentum=0.95),
        torch.optim.AdamW(rest, lr=plan.lr_rest, betas=(0.9, 0.95), weight_decay=0.0),
    ]


@frozen
class Report:
    """How far a run has come, and how it went since the last report."""

    step: int
    share: float  # of the plan that is over
    seconds: float  # of work so far, of all runs together
    loss: float  # nats per token
    middle: float  # of these, what the model must fill in
    tokens_per_s: float

    def __str__(self) -> str:
        """One line for a log."""
        return (
            f"step {self.step:5d}  {self.share:6.1%}  {self.seconds / 60:4.0f} min"
            f"  loss {self.loss:.3f}  middle {self.middle:.3f}  {self.tokens_per_s:5.0f} tokens/s"
        )


def show(report: Report) -> None:
    """Print a report."""
    print(report, flush=True)


@define
class Meter:
    """What was learned from since the last report."""

    began: float = field(factory=time.monotonic)
    nats: Tensor = field(factory=lambda: torch.zeros(len(KINDS)))  # of each kind
    tokens: Tensor = field(factory=lambda: torch.zeros(len(KINDS)))

    def add(self, nats: Tensor, kinds: Tensor) -> None:
        """Count the losses of one pass."""
        self.nats.index_add_(0, kinds, nats)
        self.tokens.index_add_(0, kinds, torch.ones_like(nats))

    def report(self, step: int, share: float, seconds: float) -> Report:
        """Sum up."""
        loss = float(self.nats[TEXT:].sum() / self.tokens[TEXT:].sum())
        middle = float(self.nats[MIDDLE] / self.tokens[MIDDLE])
        speed = float(self.tokens.sum()) / (time.monotonic() - self.began)
        return Report(step, share, seconds, loss, middle, speed)


def train(
    work: Path,
    shape: Shape,
    plan: Plan,
    start: Mapping[str, Tensor] | None = None,
    tell: Callable[[Report], None] = show,
) -> Path:
    """Train until the plan is over, from the newest checkpoint if there is one; return its path.

    A run without a checkpoint begins with the weights ``start``, or with random ones.
    """
    torch.set_num_threads(plan.n_threads)
    torch.manual_seed(plan.seed)
    checkpoint = work / "checkpoint.pt"
    model = Model(shape)
    steppers = optimizers(model, plan)
    groups = [group for stepper in steppers for group in stepper.param_groups]
    full = [group["lr"] for group in groups]
    if start:
        model.load_state_dict(start)
    step, before = resume(checkpoint, model, steppers) if checkpoint.exists() else (0, 0.0)

    loss = torch.compile(losses, dynamic=False) if plan.compiled else losses
    meter, watch, saved_at = Meter(), Stopwatch(before), time.monotonic()
    for rows, kinds in batches(work / "examples", plan.n_rows, step, plan.seed):
        seconds = watch.lap()
        progress = step / plan.max_steps if plan.max_steps else seconds / (plan.hours * 3600)
        if progress >= 1:
            break
        for group, lr in zip(groups, full, strict=True):
            group["lr"] = lr * rate(progress, plan)
        learn(model, loss, rows, kinds, plan=plan, meter=meter)
        for stepper in steppers:
            stepper.step()
            stepper.zero_grad()
        step += 1
        if time.monotonic() - meter.began > plan.report_seconds:
            tell(meter.report(step, progress, seconds))
            meter = Meter()
        if time.monotonic() - saved_at > plan.checkpoint_minutes * 60:
            save_checkpoint(checkpoint, model, steppers, step, watch.lap())
            saved_at = time.monotonic()
    save_checkpoint(checkpoint, model, steppers, step, seconds)
    if meter.tokens.any():
        tell(meter.report(step, progress, seconds))
    return checkpoint


def learn(
    model: Model,
    loss: Callable[[nn.Module, Tensor], Tensor],
    rows: Tensor,
    kinds: Tensor,
    *,
    plan: Plan,
    meter: Meter,
) -> None:
    """Add the gradients of one step's rows, a few rows at a time."""
    kinds = kinds[:, 1:].long()
    weights = torch.tensor([0.0, 1.0, plan.middle_weight])[kinds]
    for at in range(0, len(rows), plan.n_micro_rows):
        part = slice(at, at + plan.n_micro_rows)
        nats = loss(model, rows[part])
        (nats @ weights[part].flatten() / weights.sum()).backward()  # type: ignore[no-untyped-call]
        meter.add(nats.detach(), kinds[part].flatten())


def resume(path: Path, model: Model, steppers: Sequence[torch.optim.Optimizer]) -> tuple[int, float]:
    """Load a checkpoint into the model and its optimizers; return its steps and seconds so far."""
    state = load_checkpoint(path)
    model.load_state_dict(state["model"])
    for stepper, saved in zip(steppers, state["optimizers"], strict=True):
        stepper.load_state_dict(saved)
    return state["step"], state["seconds"]


def save_checkpoint(
    path: Path, model: Model, steppers: list[torch.optim.Optimizer], step: int, seconds: float
) -> None:
    """Write everything that a later run needs; a run that dies while writing leaves the old file."""
    state = {
        "shape": asdict(model.shape),
        "model": model.state_dict(),
        "optimizers": [stepper.state_dict() for stepper in steppers],
        "step": step,
        "seconds": seconds,
    }
    unfinished = path.with_suffix(".tmp")
    content = BytesIO()
    torch.save(state, content)  # of a disk that is full it wouldn't say so
    unfinished.write_bytes(content.getbuffer())
    unfinished.replace(path)


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Read what ``save_checkpoint`` wrote."""
    return cast("dict[str, Any]", torch.load(path, map_location="cpu", weights_only=True))
