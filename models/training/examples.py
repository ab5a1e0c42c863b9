"""The examples: holes in the corpus, laid out by the product's own prompt code and chosen context.

What the model is trained on must be byte for byte what the product asks, so prompts come from
`codenook.models.prompts.fim` and snippets from `codenook.context`. Examples are packed whole into rows of one
context length; rows go into shards ``WORK/examples/SPLIT-NNN.npz``, which training reads as they come.
"""

import ast
import asyncio
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import accumulate
from pathlib import Path
from random import Random

from attrs import field, frozen
from tokenizers import Tokenizer

from codenook.context.manager import ContextManager
from codenook.models.prompts.fim import FimOrder, Special, infill
from codenook.models.training import tokenizer as tokenizers
from codenook.models.training.corpus import files_of
from codenook.models.training.rows import KINDS, MIDDLE, PADDING, TEXT, Row, write_shard
from codenook.models.training.tokenizer import END_ID, PAD_ID, encode

N_ROW = 1025  # tokens of a row: one context and the token after it
N_CONTEXT = 256  # tokens, at most, of the snippets
N_PREFIX = 416
N_SUFFIX = 224
N_MIDDLE = 96

SHARE_SPM = 0.80  # of the infill examples; the rest are PSM
SHARE_PLAIN_ROWS = 0.04  # rows of plain text, left to right, added to the infill rows; gaps hold some more
SHARE_FROM_WITHIN = 0.7  # of the plain examples: from a line inside the file, the others from its start
MIN_PLAIN = 48  # tokens: a smaller gap in a row is padded
SHARE_CONTEXT = 0.6  # of the infill examples: asked for snippets
SHARE_FULL_WINDOW = 0.1  # of the infill examples: all parts as large as they may be
MAX_SHARE_SMALL = 0.4  # the largest share of that, in the other examples
MIN_SHARE_SMALL = 0.05  # the smallest; the logarithm is spread evenly, so most are short
SHARE_EMPTY = 0.03  # of the infill examples: nothing is missing, the model learns to stop
SHARE_REST_OF_LINE = 0.55
SHARE_BLOCK = 0.30  # the rest are spans of characters
SHARE_AT_BOUNDARY = 0.6  # of the rest-of-line holes: after a space, a dot, an opening bracket ...
SHARE_KEPT_CLOSERS = 0.15  # of the rest-of-line holes: closing brackets stay, as editors add them
SHARE_BLOCK_FROM_LINE_END = 0.2  # of the block holes: from the end of the line before
SHARE_BLOCK_BEGUN = 0.2  # of the block holes: from a few characters into the block

MAX_SPAN_CHARS = 160
MAX_SPAN_LINES = 4
CHARS_PER_EXAMPLE = 2000  # an example for each such stretch of a file
MAX_EXAMPLES_PER_FILE = 8  # so that a shard holds many files
EXAMPLES_PER_SHARD = 3000
MAX_DOCUMENTS = EXAMPLES_PER_SHARD  # more than a shard has files


@frozen
class Document:
    """A file, ready to have holes cut into it; lines are counted from 0."""

    package: str
    path: str
    text: str
    starts: tuple[int, ...]  # where each line begins, then the text's length
    prices: tuple[int, ...] = field(repr=False)  # tokens of each line
    blocks: tuple[tuple[int, int], ...] = field(repr=False)  # first and last line of statements and bodies

    def line_at(self, offset: int) -> int:
        """Return the line that holds ``offset``."""
        return min(bisect_right(self.starts, offset), len(self.prices)) - 1

    def line(self, number: int) -> str:
        """Return a line without its end."""
        return self.text[self.starts[number] : self.starts[number + 1]].rstrip("\n")


Hole = tuple[int, int]
"""Start and end of the text to fill in, as offsets."""

Example = tuple[list[int], int]
"""Tokens, and how many of them at the end the model fills in."""


def read(package: str, path: str, text: str, tokenizer: Tokenizer) -> Document:
    """Prepare a file."""
    *whole, rest = text.split("\n")
    lines = [f"{line}\n" for line in whole] + [rest] * bool(rest)
    prices = tuple(len(e.ids) for e in tokenizer.encode_batch_fast(lines))
    starts = tuple(accumulate((len(line) for line in lines), initial=0))
    return Document(package, path, text, starts, prices, tuple(sorted(set(blocks_of(ast.parse(text))))))


def blocks_of(tree: ast.AST) -> Iterator[tuple[int, int]]:
    """Yield the lines of each run of one to four sibling statements, and of each indented body."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if not isinstance(body, list) or not body:
                continue
            spans = [
                (first_line(statement), (statement.end_lineno or statement.lineno) - 1) for statement in body
            ]
            for size in {1, 2, 3, 4, len(spans)}:
                yield from ((spans[at][0], spans[at + size - 1][1]) for at in range(len(spans) - size + 1))


def first_line(statement: ast.stmt) -> int:
    """Return the line on which a statement begins, its decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)]) - 1


def rest_of_line(document: Document, line: int, random: Random) -> Hole:
    """From a point in the line to its end, or to the closing brackets that end it."""
    text = document.line(line)
    indent = len(text) - len(text.lstrip())
    boundaries = [n for n in range(indent, len(text)) if n == indent or text[n - 1] in " (.,=[:"]
    if boundaries and random.random() < SHARE_AT_BOUNDARY:
        column = random.choice(boundaries)
    else:
        column = random.randint(indent, len(text))
    end = len(text)
    if random.random() < SHARE_KEPT_CLOSERS:
        end = max(column, len(text.rstrip(")]}:,\"'")))
    return document.starts[line] + column, document.starts[line] + end


def statements(document: Document, line: int, random: Random) -> tuple[int, int] | None:
    """Return the first and the last line of some whole statements near ``line``, if there are any."""
    near = bisect_right(document.blocks, (line, 0))
    fitting = [
        (first, last)
        for first, last in document.blocks[max(0, near - 12) : near + 24]
        if sum(document.prices[first : last + 1]) < N_MIDDLE
    ]
    return random.choice(fitting) if fitting else None


def block(document: Document, line: int, random: Random) -> Hole | None:
    """Whole statements near ``line``: from their indentation, the line end before, or a few characters in."""
    lines = statements(document, line, random)
    if lines is None:
        return None
    first, last = lines
    text = document.line(first)
    start = document.starts[first] + len(text) - len(text.lstrip())
    way = random.random()
    if way < SHARE_BLOCK_FROM_LINE_END and first > 0:
        start = document.starts[first] - 1
    elif way < SHARE_BLOCK_FROM_LINE_END + SHARE_BLOCK_BEGUN:
        start += random.randint(1, max(1, min(12, len(text.strip()) - 1)))
    return start, document.starts[last] + len(document.line(last))


def span(document: Document, line: int, random: Random) -> Hole:
    """Any characters within a few lines."""
    start = random.randint(document.starts[line], max(document.starts[line], document.starts[line + 1] - 1))
    limit = document.starts[min(line + MAX_SPAN_LINES, len(document.prices))]
    return start, min(limit, start + random.randint(1, MAX_SPAN_CHARS))


def cut(document: Document, line: int, random: Random) -> Hole:
    """Choose a hole at or near ``line``."""
    kind = random.random()
    if random.random() < SHARE_EMPTY:
        end = document.starts[line] + len(document.line(line))
        return end, end
    if kind < SHARE_REST_OF_LINE:
        return rest_of_line(document, line, random)
    if kind < SHARE_REST_OF_LINE + SHARE_BLOCK:
        return block(document, line, random) or rest_of_line(document, line, random)
    return span(document, line, random)


def windows(
    document: Document, hole: Hole, n_prefix: int, n_suffix: int, tokenizer: Tokenizer
) -> tuple[str, str]:
    """Return what stands before and after the hole, within budgets, from a line start and to a line end."""
    start, end = hole
    above, below = document.line_at(start), document.line_at(end)
    left, right = (
        document.text[document.starts[above] : start],
        document.text[end : document.starts[below + 1]],
    )
    n_prefix -= len(tokenizer.encode(left).ids)
    n_suffix -= len(tokenizer.encode(right).ids)
    first, last = above, below
    while first > 0 and document.prices[first - 1] <= n_prefix:
        first -= 1
        n_prefix -= document.prices[first]
    while last + 1 < len(document.prices) and document.prices[last + 1] <= n_suffix:
        last += 1
        n_suffix -= document.prices[last]
    return document.text[document.starts[first] : start], document.text[end : document.starts[last + 1]]


Snippets = Callable[[Document, Hole, int], Sequence[str]]
"""Answers with the context blocks for a document whose hole is empty, within a budget of tokens."""


def budgets(random: Random) -> tuple[int, int, int]:
    """Return how many tokens prefix, suffix and snippets may have.

    Small windows put more answers into a row; full ones are what the product asks with.
    """
    if random.random() < SHARE_FULL_WINDOW:
        return N_PREFIX, N_SUFFIX, N_CONTEXT

    def share() -> float:
        return MIN_SHARE_SMALL * (MAX_SHARE_SMALL / MIN_SHARE_SMALL) ** random.random()

    return int(N_PREFIX * share()), int(N_SUFFIX * share()), int(N_CONTEXT * (share() + 0.1))


def infill_example(
    document: Document, line: int, random: Random, tokenizer: Tokenizer, ask: Snippets
) -> Example:
    """Lay out one hole as the product would, then its answer."""
    hole = cut(document, line, random)
    n_prefix, n_suffix, n_context = budgets(random)
    prefix, suffix = windows(document, hole, n_prefix, n_suffix, tokenizer)
    blocks = ask(document, hole, n_context) if random.random() < SHARE_CONTEXT else ()
    order = FimOrder.SPM if random.random() < SHARE_SPM else FimOrder.PSM
    prompt = infill(order, blocks=blocks, path=document.path, prefix=prefix, suffix=suffix)
    middle = tokenizer.encode(document.text[slice(*hole)]).ids
    return [*encode(tokenizer, prompt), *middle, END_ID], len(middle) + 1


def plain_example(document: Document, line: int, room: int, tokenizer: Tokenizer) -> Example:
    """The file from ``line`` on, left to right; it has an end only if the file's own end is reached."""
    head = encode(tokenizer, [Special.FILE_SEPARATOR, f"{document.path}\n"])
    left = room - len(head) - 1
    last = line
    while last < len(document.prices) and document.prices[last] <= left:
        left -= document.prices[last]
        last += 1
    text = tokenizer.encode(document.text[document.starts[line] : document.starts[last]]).ids
    return [*head, *text, *[END_ID] * (last == len(document.prices))], 0


def pack(examples: Sequence[Example]) -> list[list[Example]]:
    """Put examples together into rows: the longest first, each into the fullest row that has room for it."""
    rows: list[list[Example]] = []
    used: list[int] = []
    for made in sorted(examples, key=lambda one: len(one[0]), reverse=True):
        size = len(made[0])
        fitting = [n for n, total in enumerate(used) if total + size <= N_ROW]
        if fitting:
            at = max(fitting, key=used.__getitem__)
            rows[at].append(made)
            used[at] += size
        else:
            rows.append([made])
            used.append(size)
    return rows


def row(examples: Sequence[Example]) -> Row:
    """Join examples to a row, padded to its length."""
    ids: list[int] = []
    kinds: list[int] = []
    for tokens, n_middle in examples:
        ids += tokens
        kinds += [TEXT] * (len(tokens) - n_middle) + [MIDDLE] * n_middle
    return ids + [PAD_ID] * (N_ROW - len(ids)), kinds + [PADDING] * (N_ROW - len(kinds))


def build(work: Path, split: str = "train", n_shards: int | None = None, seed: int = 0) -> None:
    """Write the shards of a split that are not there yet; ``n_shards`` stops early."""
    tokenizer = tokenizers.load(work / "tokenizer.json")
    corpus = Corpus(files_of(work, split), tokenizer)
    visits = corpus.visits(Random(seed), MAX_EXAMPLES_PER_FILE)
    folder = work / "examples"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        ask = asker(work / "corpus" / split, tokenizer, stack)
        for number, at in enumerate(range(0, len(visits), EXAMPLES_PER_SHARD)):
            target = folder / f"{split}-{number:03d}.npz"
            if number == n_shards:
                break
            if not target.exists():
                rows = shard(corpus, visits[at : at + EXAMPLES_PER_SHARD], Random(f"{seed} {number}"), ask)
                write_shard(target, rows)
                kinds = Counter(kind for _, kinds in rows for kind in kinds)
                shares = ", ".join(f"{name} {kinds[n] / kinds.total():.1%}" for n, name in enumerate(KINDS))
                print(f"{target.name}: {len(rows)} rows; {shares}", flush=True)


def shard(corpus: "Corpus", visits: Sequence[tuple[int, float]], random: Random, ask: Snippets) -> list[Row]:
    """Make the rows of one shard: infill examples, plain text in the gaps, and rows of plain text alone."""
    made = []
    for index, place in visits:
        document = corpus.document(index)
        one = infill_example(document, code_line(document, place), random, corpus.tokenizer, ask)
        if len(one[0]) <= N_ROW and one[1] <= N_MIDDLE + 1:
            made.append(one)
    packed = pack(made)
    packed += [[] for _ in range(int(len(packed) * SHARE_PLAIN_ROWS))]
    for examples in packed:
        while (gap := N_ROW - sum(len(ids) for ids, _ in examples)) >= MIN_PLAIN:
            document = corpus.document(random.choice(visits)[0])
            line = random.randrange(len(document.prices)) if random.random() < SHARE_FROM_WITHIN else 0
            examples.append(plain_example(document, line, gap, corpus.tokenizer))
        random.shuffle(examples)
    return [row(examples) for examples in packed]


def code_line(document: Document, place: float) -> int:
    """Return the line at a place in the file (a share of its text), or the next one that is code."""
    line = document.line_at(int(place * len(document.text)))
    while line + 1 < len(document.prices) and (document.line(line).strip() or "#").startswith("#"):
        line += 1
    return line


class Corpus:
    """The files of a split, each prepared when it is needed; those of a shard are kept meanwhile."""

    def __init__(self, files: Sequence[tuple[str, str, str]], tokenizer: Tokenizer) -> None:
        self.files = files
        self.tokenizer = tokenizer
        self._documents: dict[int, Document] = {}

    def document(self, index: int) -> Document:
        """Return one file, prepared."""
        if index not in self._documents:
            self._documents[index] = read(*self.files[index], self.tokenizer)
            if len(self._documents) > MAX_DOCUMENTS:
                del self._documents[next(iter(self._documents))]
        return self._documents[index]

    def visits(self, random: Random, n_per_file: int | None = None) -> list[tuple[int, float]]:
        """Return (file, place) for one pass: files in random order, places spread evenly over each."""
        order = list(range(len(self.files)))
        random.shuffle(order)
        return [
            (index, min(0.999, (n + random.random()) * stretch / size))
            for index in order
            for size in [len(self.files[index][2])]
            for stretch in [max(CHARS_PER_EXAMPLE, size / n_per_file if n_per_file else 0)]
            for n in range(1 + int(size // stretch))[:n_per_file]
        ]


def asker(corpus: Path, tokenizer: Tokenizer, stack: ExitStack) -> Snippets:
    """Return a function that asks the product's context manager, one workspace for each package."""
    managers: dict[str, ContextManager] = {}
    runner = stack.enter_context(asyncio.Runner())

    async def count_tokens(texts: Sequence[str]) -> Sequence[int]:
        return [len(e.ids) + 1 for e in tokenizer.encode_batch_fast(list(texts))]

    def ask(document: Document, hole: Hole, budget: int) -> Sequence[str]:
        if document.package not in managers:
            managers[document.package] = ContextManager(corpus / document.package)
            stack.callback(managers[document.package].close)
        start, end = hole
        context = runner.run(
            managers[document.package].for_completion(
                path=Path(document.path),
                text=document.text[:start] + document.text[end:],
                offset=start,
                language="python",
                budget=budget,
                count_tokens=count_tokens,
            )
        )
        return context.blocks

    return ask
