"""What two processes told of a call, as checks: only what is the same in both."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, field, frozen

from codenook.server.unit_tests.case import Call, Check, Kind, Observed
from codenook.server.unit_tests.frameworks.ecmascript.exports import Reached
from codenook.server.unit_tests.kits.ecmascript.arguments import split_arguments
from codenook.server.unit_tests.kits.ecmascript.sound import is_name, value
from codenook.server.unit_tests.kits.ecmascript.typed import OF_ANY

_MOST_FIELDS = 6
_MOST_PROBLEM = 300
_NOT_THE_SAME = "what comes of it isn't the same twice"
_NOTHING_TOLD = "nothing was told of it"
_FORMS = {"plain": "{}", "spread": "[...{}]", "text": "String({})"}
_KINDS = {kind.value: kind for kind in (Kind.EQUAL, Kind.SAME, Kind.CLOSE)}
_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:e[+-]?[0-9]{1,3})?")
_MOST_MESSAGE = 1_000


@frozen
class Said:
    """What one process told: of each call by its number, or why it made none."""

    results: Mapping[str, Mapping[str, Any]] = field(factory=dict)
    problem: str = ""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Said":
        """Read what came as JSON; raises what is usual for values of other types."""
        results = {str(key): dict(value) for key, value in dict(said["results"]).items()}
        return cls(results, str(said.get("problem") or ""))

    def of_call(self, index: int) -> Mapping[str, Any]:
        """What it told of a call, at least a problem."""
        return self.results.get(str(index)) or {"problem": self.problem or _NOTHING_TOLD}


@frozen
class Outcomes:
    """Reads outcomes of calls of one target."""

    reached: Reached

    def observed(self, call: Call, told: Sequence[Mapping[str, Any]]) -> Observed:
        """The checks on a call, or why there are none."""
        try:
            return self._observed(call, told)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError):
            return Observed(call, problem="what was told of it can't be read")

    def _observed(self, call: Call, told: Sequence[Mapping[str, Any]]) -> Observed:
        for each in told:
            if each.get("problem"):
                return Observed(call, problem=_printable(each["problem"]))
        first, second = told
        is_async = bool(first.get("isAsync"))
        written = _written(call, self.reached, (), is_async=is_async)
        if first.get("error") or second.get("error"):
            if first.get("error") != second.get("error"):
                return Observed(call, problem=_NOT_THE_SAME)
            error = first["error"]
            message = str(error["message"])
            message = message if len(message) <= _MOST_MESSAGE else ""
            check = Check(Kind.RAISES, written, str(error["name"])[:_MOST_MESSAGE], message)
            return Observed(call, (check,), agrees=False if call.expected else None)
        if first.get("form") != second.get("form"):
            return Observed(call, problem=_NOT_THE_SAME)
        return self._returned(call, first, second, is_async=is_async)

    def _returned(
        self, call: Call, first: Mapping[str, Any], second: Mapping[str, Any], *, is_async: bool
    ) -> Observed:
        arguments = split_arguments(call.arguments)
        changed = _both(first.get("mutated", ()), second.get("mutated", ()))
        held = _both(first.get("receiver", ()), second.get("receiver", ())) if call.receiver else []
        held = [each for each in held if is_name(each[0])]
        changed = [each for each in changed if each[0] in range(len(arguments))]
        names = {index: _name(index, arguments) for index, _, _ in changed}
        setup = [f"const {name} = {arguments[index]}" for index, name in names.items()]
        receiver = ""
        if held:
            receiver = _free("subject", call.setup)
            setup.insert(0, f"const {receiver} = {call.receiver}")
        written = _written(call, self.reached, names, receiver=receiver, is_async=is_async)
        form, checks = str(first["form"]), []
        if form == "fields":
            result = _free("result", call.setup)
            setup.append(f"const {result} = {written}")
            fields = _both(first["fields"], second["fields"])[:_MOST_FIELDS]
            checks = [Check(kind, f"{result}.{name}", text) for name, kind, text in fields if is_name(name)]
        elif form == "applied":
            pairs = _both(first["applied"], second["applied"])
            checks = [
                Check(kind, f"{written}({probe})", text) for probe, kind, text in pairs if probe in OF_ANY
            ]
        elif form in _FORMS:
            text = _same(first["value"], second["value"])
            checks = [Check(text[0], _FORMS[form].format(written), text[1])] if text else []
        if not checks and not (changed or held):
            return Observed(call, problem=_printable(first.get("why") or "") or _NOT_THE_SAME)
        if not checks:
            setup.append(written)
        checks += [Check(kind, names[index], text) for index, kind, text in changed]
        checks += [Check(kind, f"{receiver}.{name}", text) for name, kind, text in held[:_MOST_FIELDS]]
        agrees = first.get("agrees") if first.get("agrees") == second.get("agrees") else None
        agrees = bool(agrees) if call.expected and agrees is not None else None
        return Observed(evolve(call, setup=(*call.setup, *setup)), tuple(checks), agrees=agrees)


def _written(
    call: Call,
    reached: Reached,
    names: Mapping[int, str] | tuple[()],
    *,
    receiver: str = "",
    is_async: bool,
) -> str:
    """The call as an expression; arguments that have names are read by these."""
    named = dict(names)
    arguments = call.arguments
    if named:
        arguments = ", ".join(named.get(i, text) for i, text in enumerate(split_arguments(call.arguments)))
    if reached.member and not reached.is_static:
        callee = f"{receiver or call.receiver}.{reached.member}"
    else:
        callee = f"new {reached.binding}" if reached.is_class else reached.callee
    text = callee if reached.is_getter else f"{callee}({arguments})"
    return f"await {text}" if is_async else text


def _both(first: Sequence[Any], second: Sequence[Any]) -> list[tuple[Any, Kind, str]]:
    """What both tell alike of named values."""
    others = dict(second)
    found = []
    for name, told in first:
        if name in others and (text := _same(told, others[name])) is not None:
            found.append((name, *text))
    return found


def _same(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[Kind, str] | None:
    """The text of a value that is the same twice: by universal time, else by local time."""
    for zone in ("utc", "local"):
        if first[zone] == second[zone]:
            return _checked(_KINDS[first["kind"]], value(first[zone]))
    return None


def _checked(kind: Kind, text: str) -> tuple[Kind, str]:
    """A kind and a text that go together; raises ValueError where nothing can be close to it."""
    if kind is Kind.CLOSE and not _NUMBER.fullmatch(text):
        raise ValueError("no number")
    return kind, text


def _name(index: int, arguments: Sequence[str]) -> str:
    """A name for an argument that the call changes."""
    text = arguments[index]
    word = "list" if text.startswith("[") else "object" if text.startswith("{") else "argument"
    same = [i for i, other in enumerate(arguments) if other[:1] == text[:1]]
    return word if len(same) == 1 else f"{word}{same.index(index) + 1}"


def _free(name: str, setup: Sequence[str]) -> str:
    return f"{name}_" if any(name in statement for statement in setup) else name


def _printable(message: object) -> str:
    first = next(iter(str(message).splitlines()), "")
    return "".join(c for c in first if c.isprintable())[:_MOST_PROBLEM]
