"""Use a server for long: random requests, edits, cancels and engine kills; ``soak.py --requests 10000``.

Every request must be answered, with a result or as cancelled, and the memory of server and engine at the end
must be within 5 % of what it was after the first tenth. Prints what was measured as JSON; the exit status is
1 if that does not hold.
"""

import argparse
import collections
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil
from lsp_wire import CODENOOK, LostAnswerError, Wire

N_DOCUMENTS = 12
N_LINES = 60
N_WAITING = 6
GROWTH = 1.05
OUTCOMES = {"candidates", "empty", "-32800"}
"""What may come of a request: candidates, none for a reason, the error of one that was cancelled."""

KILL_EVERY = 500
"""An engine is killed once in so many requests."""

SETTINGS = {"n_max_tokens": 12, "n_prompt_tokens": 192, "n_context_tokens": 0, "debounce_max_ms": 20}
"""Small prompts and answers: more requests in the same time."""

SOURCE = Path(json.__file__).with_name("decoder.py").read_text(encoding="utf-8").splitlines(keepends=True)


class Soak:
    """One server and a person who types into a dozen documents without a break."""

    def __init__(self, wire: Wire, seed: int) -> None:
        self.wire = wire
        self.random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.texts: dict[str, list[str]] = {}
        self.version = 0
        self.waiting: list[int] = []
        self.outcomes: collections.Counter[str] = collections.Counter()

    def step(self) -> None:
        """Edit a document, ask in it, and sometimes cancel."""
        uri = f"file:///soak/{self.random.randrange(N_DOCUMENTS)}.py"
        if uri not in self.texts or self.random.random() < 0.02:
            self.open(uri)
        line = self.random.randrange(len(self.texts[uri]))
        character = self.edit(uri, line)
        request = self.wire.ask(uri, line, character, self.random.choice([1, 2]))
        self.waiting.append(request)
        if self.random.random() < 0.2:
            self.wire.cancel(self.random.choice(self.waiting))
        while len(self.waiting) > self.random.randrange(N_WAITING):
            self.hear()

    def open(self, uri: str) -> None:
        if uri in self.texts:
            self.wire.close_document(uri)
        start = self.random.randrange(len(SOURCE) - N_LINES)
        self.texts[uri] = SOURCE[start : start + N_LINES]
        self.version += 1
        self.wire.open(uri, "".join(self.texts[uri]), version=self.version)

    def edit(self, uri: str, line: int) -> int:
        """Replace what stands at the end of a line; return where the cursor is then."""
        old = self.texts[uri][line].rstrip("\n")
        keep = self.random.randrange(len(old) + 1)
        typed = self.random.choice(["", "x", "self.", "return ", "for é in ", "'🙂"])
        self.texts[uri][line] = f"{old[:keep]}{typed}\n"
        edge = {"line": line, "character": units(old[:keep])}
        end = {"line": line, "character": units(old)}
        self.version += 1
        self.wire.change(uri, self.version, {"range": {"start": edge, "end": end}, "text": typed})
        return units(old[:keep] + typed)

    def hear(self) -> None:
        answer = self.wire.answer(self.waiting.pop(0))
        if "error" in answer:
            self.outcomes[str(answer["error"]["code"])] += 1
        else:
            self.outcomes["candidates" if answer["result"]["items"] else "empty"] += 1

    def finish(self) -> None:
        while self.waiting:
            self.hear()

    def kill_engine(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.engine()["pid"], signal.SIGKILL)

    def engine(self) -> Any:
        """Return the engine's account; one that was killed is started again by a document that opens."""
        while (engine := self.wire.status()["engine"]) is None:
            self.open("file:///soak/0.py")
        return engine

    def memory(self) -> dict[str, int]:
        """Return the bytes that server and engine hold, when nothing is going on."""
        self.finish()
        pids = {"server": self.wire.process.pid, "engine": self.engine()["pid"]}
        return {name: psutil.Process(pid).memory_info().rss for name, pid in pids.items()}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def run(n_requests: int, seed: int, environment: dict[str, str]) -> dict[str, Any]:
    wire = Wire(environment)
    wire.initialize(options=SETTINGS)
    soak = Soak(wire, seed)
    measured, kills = {}, 0
    for number in range(1, n_requests + 1):
        soak.step()
        if soak.random.randrange(KILL_EVERY) == 0:
            soak.kill_engine()
            kills += 1
        if number == n_requests // 10:
            measured = soak.memory()
    at_end = soak.memory()
    reasons = collections.Counter(wire.reasons)
    wire.quit()
    return {
        "requests": n_requests,
        "answered": sum(soak.outcomes.values()),
        "outcomes": dict(soak.outcomes),
        "reasons": dict(reasons),
        "engine_kills": kills,
        "bytes_after_a_tenth": measured,
        "bytes_at_end": at_end,
        "growth": {name: round(at_end[name] / measured[name], 3) for name in measured},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="codenook-") as directory:
        own = {
            "CODENOOK_RUNTIME_DIR": directory,
            "CODENOOK_CONFIG_FILE": f"{directory}/config.toml",
            "CODENOOK_CACHE_DIR": f"{directory}/cache",
        }
        environment = os.environ | own
        try:
            report = run(arguments.requests, arguments.seed, environment)
        except LostAnswerError as lost:
            print(json.dumps({"lost": str(lost)}))
            return 1
        finally:
            subprocess.run([*CODENOOK, "engine", "stop"], env=environment, check=True, capture_output=True)
    print(json.dumps(report, indent=2))
    is_sound = report["outcomes"].keys() <= OUTCOMES
    return 0 if is_sound and all(growth <= GROWTH for growth in report["growth"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
