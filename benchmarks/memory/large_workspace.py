"""How long the memory of a large workspace takes to build, to update and to ask, and how much room."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import psutil

from codenook.models.engine.decode import Decoder
from codenook.models.engine.recall import Recall
from codenook.models.memory import Ends, Memory, Weights, mix
from codenook.models.memory.mixture import N_BUCKETS
from codenook.models.memory.reader import LEVELS

MAX_FILE_BYTES = 1_000_000
N_PROMPT = 2000  # tokens
N_ANSWER = 60  # tokens of a candidate
TOKENS_PER_LINE = 9
N_UPDATES = 30
N_REQUESTS = 100
EVEN = Weights(*[((1.0,) * N_BUCKETS,) * LEVELS] * 2)


def measure(decoder: Decoder, folder: Path, n_lines: int, n_vocab: int) -> Iterator[tuple[str, str]]:
    """Yield what was measured, in words. Times of asking are the processor's, all others a clock's."""
    files = dict(read(decoder, folder, n_lines, n_vocab - decoder.info.n_vocab))
    yield "files", f"{len(files):,}"
    yield "tokens", f"{sum(map(len, files.values())):,}"
    process = psutil.Process()
    before, start = process.memory_info().rss, time.perf_counter()
    memory = Memory(n_vocab)
    for path, tokens in files.items():
        memory.update(path, tokens, lines_of(tokens))
    memory.settle()
    yield "build, s", f"{time.perf_counter() - start:.1f}"
    yield "resident, MB", f"{(process.memory_info().rss - before) / 1e6:.0f}"
    random = Random(0)
    yield "update of a file, ms", spread(update(memory, files, random))
    with TemporaryDirectory() as name:
        file = Path(name, "memory")
        start = time.perf_counter()
        memory.save(file, "")
        yield "save, s", f"{time.perf_counter() - start:.2f}"
        yield "on disk, MB", f"{file.stat().st_size / 1e6:.0f}"
        start = time.perf_counter()
        Memory.load(file, "", n_vocab)
        yield "load, s", f"{time.perf_counter() - start:.2f}"
    times = ask(memory, files, n_vocab, random)
    if n_vocab == decoder.info.n_vocab:
        times["a candidate's token in the engine, ms"] = recall(decoder, memory, files, random)
        times |= documents(decoder, folder)
    for name, one in times.items():
        yield name, spread(one)


def read(
    decoder: Decoder, folder: Path, n_lines: int, shift: int
) -> Iterator[tuple[str, npt.NDArray[np.uint32]]]:
    """Yield paths and tokens of Python files, until there are so many lines."""
    for path in sorted(folder.rglob("*.py")):
        if path.is_file() and path.stat().st_size < MAX_FILE_BYTES:
            text = path.read_text(encoding="utf-8", errors="replace")
            n_lines -= text.count("\n")
            yield str(path), np.array(decoder.tokenize(text), np.uint32) + np.uint32(shift)
        if n_lines <= 0:
            return


def lines_of(tokens: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Return lines of about the usual length."""
    return np.arange(len(tokens)) // TOKENS_PER_LINE


def update(memory: Memory, files: Mapping[str, npt.NDArray[np.uint32]], random: Random) -> Iterator[float]:
    """Yield how long files take to be replaced, in milliseconds."""
    for path in random.choices(sorted(files), k=N_UPDATES):
        start = time.perf_counter()
        memory.update(path, files[path], lines_of(files[path]))
        memory.settle()
        yield 1e3 * (time.perf_counter() - start)


def ask(
    memory: Memory, files: Mapping[str, npt.NDArray[np.uint32]], n_vocab: int, random: Random
) -> dict[str, list[float]]:
    """Return how long questions take, in milliseconds, with the file in question hidden."""
    logprobs = np.full(n_vocab, -np.log(n_vocab), np.float32)
    times: dict[str, list[float]] = defaultdict(list)
    for path, cursor in places(files, random):
        prompt = files[path][max(0, cursor - N_PROMPT) : cursor].tolist()
        start = time.thread_time()
        reader = memory.reader(prompt, [path])
        times[f"a reader for up to {N_PROMPT} tokens, ms"].append(1e3 * (time.thread_time() - start))
        for i in range(N_ANSWER):
            generated = files[path][cursor : cursor + i].tolist()
            start = time.thread_time()
            found = reader.after(generated)
            asked = time.thread_time()
            if found:
                mix(logprobs, found, EVEN)
            times["a question, ms"].append(1e3 * (asked - start))
            times["mixing, ms"].append(1e3 * (time.thread_time() - asked))
    return times


def recall(
    decoder: Decoder, memory: Memory, files: Mapping[str, npt.NDArray[np.uint32]], random: Random
) -> list[float]:
    """Return how long all takes that the engine does with memory for one token, in milliseconds.

    That is to look up with the tokens that the text would have in a file, to mix, and to tell the places.
    """
    spelling, n_vocab, times = decoder.memories().get("").spelling, decoder.info.n_vocab, []
    logprobs = np.full(n_vocab, -np.log(n_vocab), np.float32)
    no_ends = Ends.before(0, spelling.first_bytes, np.zeros(0, np.intp))
    for path, cursor in places(files, random):
        prompt = files[path][max(0, cursor - N_PROMPT) : cursor].tolist()
        reader = memory.reader(prompt, [path], before=())
        asked = Recall(reader, EVEN, spelling.text(prompt), no_ends, spelling)
        answer = files[path][cursor : cursor + N_ANSWER].tolist()
        for i, token in enumerate(answer):
            start = time.thread_time()
            asked.distribution(logprobs, answer[:i]).leans_on(token)
            times.append(1e3 * (time.thread_time() - start))
    return times


def documents(decoder: Decoder, folder: Path) -> dict[str, list[float]]:
    """Return how long an open document takes to be read, and again after an edit, in milliseconds."""
    memories, times = decoder.memories(), defaultdict[str, list[float]](list)
    for path in sorted(folder.rglob("*.py"))[:N_UPDATES]:
        text = path.read_text(encoding="utf-8", errors="replace")
        middle = text.find("\n", len(text) // 2)
        for name, one in {
            "a document, when opened, ms": text,
            "a document, after an edit, ms": f"{text[:middle]} # edited{text[middle:]}",
        }.items():
            start = time.thread_time()
            memories.learn_document("", str(path), one)
            times[name].append(1e3 * (time.thread_time() - start))
    return times


def places(files: Mapping[str, npt.NDArray[np.uint32]], random: Random) -> Iterator[tuple[str, int]]:
    """Yield files and tokens in them, with some before and behind."""
    long = sorted(path for path, tokens in files.items() if len(tokens) > 2 * N_ANSWER)
    for path in random.choices(long, k=N_REQUESTS):
        yield path, random.randrange(N_ANSWER, len(files[path]) - N_ANSWER)


def spread(times: Iterable[float]) -> str:
    """Return median, 95th percentile and maximum."""
    median, high, most = np.percentile(list(times), [50, 95, 100])
    return f"{median:.2f} (95th {high:.2f}, at most {most:.2f})"
