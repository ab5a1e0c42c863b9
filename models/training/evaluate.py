"""Measure any GGUF model on the held-out packages: how well it predicts code, and how it fills holes.

All models see the same files, the same holes and the same windows, cut with the pipeline's own tokenizer, and
prompts laid out by the product's code in the order that the model was trained for.
"""

import json
import math
import time
from collections.abc import Sequence
from contextlib import ExitStack
from difflib import SequenceMatcher
from pathlib import Path
from random import Random

import llama_cpp
import numpy as np
from attrs import asdict, define, frozen

from codenook.models.prompts.fim import FimOrder, Segment, Special, infill
from codenook.models.training import tokenizer as tokenizers
from codenook.models.training.corpus import files_of
from codenook.models.training.examples import (
    N_CONTEXT,
    N_MIDDLE,
    N_PREFIX,
    N_SUFFIX,
    Corpus,
    asker,
    block,
    code_line,
    rest_of_line,
    windows,
)

N_WINDOW = 1024  # tokens of a window of held-out text; each token sees only its own window
N_WINDOWS = 120  # for bits per byte, spread over the split
N_ANSWER = N_MIDDLE + 16  # tokens: an answer that is longer is cut
SEED = 7


@frozen
class Hole:
    """One question, its right answer and how it was asked."""

    kind: str
    blocks: tuple[str, ...]
    path: str
    prefix: str
    suffix: str
    answer: str


@frozen
class Score:
    """How a model fills holes of one kind."""

    n: int
    exact: float  # share of the holes
    similarity: float  # mean; 1 is equal
    ended: float  # share of the answers that the model itself ended


@frozen
class Result:
    """What was measured of one model."""

    model: str
    megabytes: float
    bits_per_byte: float
    rest_of_line: Score
    block: Score
    prefill_per_s: float  # tokens
    decode_per_s: float  # tokens


@define
class Clock:
    """Tokens and seconds of one kind of work."""

    tokens: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Tokens in a second."""
        return self.tokens / max(self.seconds, 1e-9)


class Reader:
    """A GGUF model behind llama.cpp, greedy; `nats` needs ``logits_all``."""

    def __init__(self, path: Path, n_threads: int, *, logits_all: bool = False) -> None:
        self.llama = llama_cpp.Llama(
            str(path),
            n_ctx=2 * N_WINDOW,
            n_batch=N_WINDOW,
            n_threads=n_threads,
            n_threads_batch=n_threads,
            verbose=False,
            logits_all=logits_all,
        )
        vocabulary = llama_cpp.llama_model_get_vocab(self.llama.model)
        self.n_vocabulary = llama_cpp.llama_vocab_n_tokens(vocabulary)
        self.ends = {n for n in range(self.n_vocabulary) if llama_cpp.llama_vocab_is_eog(vocabulary, n)}
        self.roles = {
            Special.FIM_PREFIX: llama_cpp.llama_vocab_fim_pre(vocabulary),
            Special.FIM_SUFFIX: llama_cpp.llama_vocab_fim_suf(vocabulary),
            Special.FIM_MIDDLE: llama_cpp.llama_vocab_fim_mid(vocabulary),
            Special.FILE_SEPARATOR: llama_cpp.llama_vocab_fim_sep(vocabulary),
        }
        self.start = (
            [llama_cpp.llama_vocab_bos(vocabulary)] if llama_cpp.llama_vocab_get_add_bos(vocabulary) else []
        )
        self.order = FimOrder(self.llama.metadata.get("codenook.fim.order", FimOrder.PSM))
        self.has_separator = self.roles[Special.FILE_SEPARATOR] >= 0
        self.prefill, self.decode = Clock(), Clock()

    def encode(self, segments: Sequence[Segment]) -> list[int]:
        """Turn a prompt into token ids, as the engine does."""
        ids = list(self.start)
        for segment in segments:
            if isinstance(segment, Special):
                ids.append(self.roles[segment])
            else:
                ids += self.llama.tokenize(segment.encode(), add_bos=False, special=False)
        return ids

    def next_token(self, ids: Sequence[int], clock: Clock) -> int:
        """Evaluate tokens after those before them; return the likeliest next one."""
        began = time.perf_counter()
        self.llama.eval(ids)
        logits = llama_cpp.llama_get_logits_ith(self.llama.ctx, -1)
        best = int(np.ctypeslib.as_array(logits, (self.n_vocabulary,)).argmax())
        clock.seconds += time.perf_counter() - began
        clock.tokens += len(ids)
        return best

    def fill(self, hole: Hole) -> tuple[str, bool]:
        """Return the model's answer, and whether the model ended it."""
        prompt = infill(
            self.order,
            blocks=hole.blocks,
            path=hole.path,
            prefix=hole.prefix,
            suffix=hole.suffix,
            separator=self.has_separator,
        )
        self.llama.reset()  # type: ignore[no-untyped-call]
        best = self.next_token(self.encode(prompt), self.prefill)
        answer: list[int] = []
        while best not in self.ends and len(answer) < N_ANSWER:
            answer.append(best)
            best = self.next_token([best], self.decode)
        return self.llama.detokenize(answer).decode(errors="replace"), best in self.ends

    def nats(self, head: Sequence[Segment], text: str) -> float:
        """Return how surprising ``text`` is after ``head``, in nats."""
        before, ids = self.encode(head), self.encode([text])[len(self.start) :]
        self.llama.reset()  # type: ignore[no-untyped-call]
        self.llama.eval([*before, *ids])
        scores = self.llama.scores[len(before) - 1 : len(before) + len(ids) - 1].astype(np.float64)
        top = scores.max(axis=1)
        log_sums = top + np.log(np.exp(scores - top[:, None]).sum(axis=1))
        return float((log_sums - scores[np.arange(len(ids)), ids]).sum())


def evaluate(path: Path, work: Path, split: str, n_holes: int, n_threads: int) -> Result:
    """Measure one model; ``n_holes`` of each kind."""
    corpus = Corpus(files_of(work, split), tokenizers.load(work / "tokenizer.json"))
    bits = bits_per_byte(Reader(path, n_threads, logits_all=True), corpus)
    reader = Reader(path, n_threads)
    scores = {
        kind: score(reader, holes(work / "corpus" / split, corpus, kind, n_holes))
        for kind in ("line", "block")
    }
    megabytes = path.stat().st_size / 1e6
    rates = (round(reader.prefill.rate), round(reader.decode.rate))
    return Result(path.name, round(megabytes, 2), round(bits, 3), scores["line"], scores["block"], *rates)


def bits_per_byte(reader: Reader, corpus: Corpus) -> float:
    """Return the mean surprise over windows of whole lines, each headed by its file's path."""
    places = corpus.visits(Random(SEED))
    nats, n_bytes = 0.0, 0
    for index, place in places[:N_WINDOWS]:
        document = corpus.document(index)
        first = last = document.line_at(int(place * len(document.text)))
        room = N_WINDOW * 3 // 4  # another model's tokens may be shorter than ours
        while last < len(document.prices) and document.prices[last] <= room:
            room -= document.prices[last]
            last += 1
        text = document.text[document.starts[first] : document.starts[last]]
        separator: list[Segment] = [Special.FILE_SEPARATOR] if reader.has_separator else []
        if text:
            nats += reader.nats([*separator, f"{document.path}\n"], text)
            n_bytes += len(text.encode())
    return nats / n_bytes / math.log(2)


def holes(root: Path, corpus: Corpus, kind: str, n_holes: int) -> list[Hole]:
    """Cut holes of one kind, with the snippets that the product would add; the same ones every time."""
    random = Random(f"{SEED} {kind}")
    found: list[Hole] = []
    with ExitStack() as stack:
        ask = asker(root, corpus.tokenizer, stack)
        for index, place in corpus.visits(random):
            document = corpus.document(index)
            line = code_line(document, place)
            where = rest_of_line(document, line, random) if kind == "line" else block(document, line, random)
            answer = document.text[slice(*where)] if where else ""
            if where and answer.strip() and len(corpus.tokenizer.encode(answer).ids) <= N_MIDDLE:
                prefix, suffix = windows(document, where, N_PREFIX, N_SUFFIX, corpus.tokenizer)
                found.append(
                    Hole(kind, tuple(ask(document, where, N_CONTEXT)), document.path, prefix, suffix, answer)
                )
            if len(found) == n_holes:
                break
    return found


def score(reader: Reader, asked: Sequence[Hole]) -> Score:
    """Fill the holes and compare with what stood there; the rest of a line is compared up to its end."""
    similarities = []
    ends = 0
    for hole in asked:
        answer, ended = reader.fill(hole)
        if hole.kind == "line":
            answer = answer.partition("\n")[0]
        wanted, answer = hole.answer.strip(), answer.strip()
        similarities.append(SequenceMatcher(None, wanted, answer, autojunk=False).ratio())
        ends += ended
    n = len(asked)
    exact = sum(similarity == 1.0 for similarity in similarities) / n
    return Score(n, round(exact, 3), round(sum(similarities) / n, 3), round(ends / n, 3))


def as_json(results: Sequence[Result]) -> str:
    """Return all that was measured."""
    return json.dumps([asdict(result) for result in results], indent=1)


def as_table(results: Sequence[Result]) -> str:
    """Return one row for each model, as Markdown."""
    titles = (
        "model",
        "MB",
        "bits/byte",
        "line exact",
        "line sim",
        "block exact",
        "block sim",
        "ended",
        "prefill/s",
    )
    rows = [(*titles, "decode/s"), ("---",) * (len(titles) + 1)]
    for result in results:
        line, whole = result.rest_of_line, result.block
        ended = (line.ended * line.n + whole.ended * whole.n) / (line.n + whole.n)
        rows.append(
            (
                result.model,
                f"{result.megabytes:.1f}",
                f"{result.bits_per_byte:.3f}",
                f"{line.exact:.1%}",
                f"{line.similarity:.3f}",
                f"{whole.exact:.1%}",
                f"{whole.similarity:.3f}",
                f"{ended:.1%}",
                f"{result.prefill_per_s:.0f}",
                f"{result.decode_per_s:.0f}",
            )
        )
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
