"""What came of calls, remembered by program, so that no program is compiled twice for the same calls."""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import define, field

from codenook.server.translation.languages.all import running_of
from codenook.server.translation.languages.language import Program, Ran, Refusal, Stage
from codenook.server.translation.outcome import Call, How, Outcome
from codenook.server.translation.values import decode, encode


@define
class Outcomes:
    """Runs programs, and remembers in a folder what came of it."""

    folder: Path
    n_runs: int = field(default=0, init=False)

    async def of(self, language: str, program: Program, calls: Sequence[Call]) -> Ran:
        """What comes of the calls; only those that are new are run."""
        name = sha256(f"{language}\0{program.signature.symbol}\0{program.text}".encode()).hexdigest()
        path = self.folder / f"{name[:32]}.json"
        known: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {"outcomes": {}}
        if refused := known.get("refusal"):
            return Ran(refusal=Refusal(Stage(refused["stage"]), refused["message"], refused["line"]))
        new = [call for call in calls if key(call) not in known["outcomes"]]
        if new:
            self.n_runs += 1
            running = running_of(language)
            if running is None:
                return Ran(refusal=Refusal(Stage.TOOLCHAIN, f"{language} isn't run"))
            ran = await running.run(program, new)
            if ran.refusal is not None:
                refusal = ran.refusal
                known["refusal"] = {
                    "stage": refusal.stage,
                    "message": refusal.message,
                    "line": refusal.line,
                }
            known["outcomes"].update(
                {key(call): _told(outcome) for call, outcome in zip(new, ran.outcomes, strict=False)}
            )
            path.write_text(json.dumps(known), "utf-8")
            if ran.refusal is not None:
                return ran
        return Ran(tuple(_read(known["outcomes"][key(call)]) for call in calls))


def key(call: Call) -> str:
    """The arguments of a call, as text."""
    return json.dumps([[encode(each) for each in given] for given in (call.made_with, call.arguments)])


def _told(outcome: Outcome) -> dict[str, Any]:
    after = None if outcome.after is None else [encode(each) for each in outcome.after]
    return {
        "how": outcome.how,
        "value": encode(outcome.value),
        "error": outcome.error,
        "message": outcome.message,
        "after": after,
        "why": outcome.why,
    }


def _read(told: dict[str, Any]) -> Outcome:
    after = None if told["after"] is None else tuple(map(decode, told["after"]))
    how, value = How(told["how"]), decode(told["value"])
    return Outcome(how, value, told["error"], told["message"], after, told["why"])
