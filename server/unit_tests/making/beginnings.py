"""Beginnings of tests that lead a model to different inputs: one for each error, branch and shape."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from attrs import frozen
from tree_sitter import Node

from codenook.context.outline import Kind as DefinitionKind
from codenook.context.parse import Parsed, encode, language_named, parse
from codenook.server.documentation.subject import RECEIVERS, Subject
from codenook.server.unit_tests.case import Call, Check, Kind, Origin, Test
from codenook.server.unit_tests.making.material import MARK
from codenook.server.unit_tests.target import Target

N_RECEIVERS = 2
"""Objects on which a method is called, at most."""

MAX_WORDS = 6
"""Words of a condition in the name of a test."""

_BRANCHES = {
    "if_statement",
    "elif_clause",
    "while_statement",
    "conditional_expression",
    "ternary_expression",
    "if_expression",
    "while_expression",
}
_OPENINGS = {"str": '"', "string": '"', "list": "[", "Sequence": "[", "Iterable": "[", "tuple": "("}
_OPENINGS |= {"dict": "{", "Mapping": "{", "set": "{", "bytes": 'b"', "Array": "["}
"""How a value of a type begins."""

_WORDS = {"==": "is", "!=": "is_not", "<": "below", ">": "above", "!": "not", "%": "modulo"}
_WORD = re.compile(r"[^\W\d_]+|\d+|[!=]=|[<>!%]")
_CONSTRUCTORS = {"__init__", "__new__", "constructor"}
_WITH_NEW = {"javascript", "typescript", "javascriptreact", "typescriptreact"}


@frozen
class Beginning:
    """A test with `MARK` where the model goes on; ``opening`` has begun what it writes.

    ``like`` is the call whose object is used again, None where there is none.
    """

    test: Test
    opening: str = ""
    like: Call | None = None


def beginnings(target: Target, subject: Subject | None, calls: Sequence[Call]) -> list[Beginning]:
    """The beginnings for a target, the most telling first; ``calls`` are known ones."""
    name = _words(target.definition.name) or "it"
    called = list(_called(target, calls))
    kinds: list[list[Beginning]] = [[] for _ in range(4)]
    for callee, like in called:
        actual = f"{callee}({MARK})"
        equal = Check(Kind.EQUAL, actual, "0")
        kinds[0].append(_begun(name, equal, like))
        for error in subject.raises if subject else ():
            raised = Check(Kind.RAISES, actual, error)
            kinds[1].append(_begun(f"{name}_raises_{_words(error)}", raised, like))
        for condition in _conditions(target):
            kinds[2].append(_begun(f"{name}_{condition}", equal, like))
        if opening := _opening(subject):
            opened = Check(Kind.EQUAL, f"{callee}({opening}{MARK})", "0")
            kinds[3].append(_begun(name, opened, like, opening))
    in_turn = (each for round_ in zip_longest(*kinds) for each in round_ if each is not None)
    return list(dict.fromkeys(in_turn))


def _begun(name: str, check: Check, like: Call | None, opening: str = "") -> Beginning:
    return Beginning(
        Test(
            name,
            Origin.MODEL,
            statements=like.setup if like else (),
            checks=(check,),
            imports=like.imports if like else (),
            fixtures=like.fixtures if like else (),
        ),
        opening,
        like,
    )


def _called(target: Target, calls: Sequence[Call]) -> Iterator[tuple[str, Call | None]]:
    """What stands before the parenthesis, and the call that it is taken from."""
    definition = target.definition
    if definition.kind is not DefinitionKind.METHOD or definition.name in _CONSTRUCTORS:
        yield definition.symbol.removesuffix(f".{definition.name}") or definition.name, None
        return
    receivers: dict[str, Call] = {}
    for call in calls:
        if call.receiver:
            receivers.setdefault(call.receiver, call)
    for receiver, call in list(receivers.items())[:N_RECEIVERS]:
        yield f"{receiver}.{definition.name}", call
    if not receivers:  # the model begins with an object of its own
        yield ("new " if target.language in _WITH_NEW else "") + definition.parent, None


def _conditions(target: Target) -> list[str]:
    """What the target branches on, in words that a test's name can have."""
    language = language_named(target.language)
    if language is None:
        return []
    parsed = parse(language, encode(target.text))
    first, last = parsed.span(target.definition.start_line, target.definition.end_line)
    found = sorted(_branches(parsed, first, last), key=lambda node: node.start_byte)
    texts = (parsed.source[node.start_byte : node.end_byte].decode("utf-8", "replace") for node in found)
    return [words for words in dict.fromkeys(map(_words, texts)) if words]


def _branches(parsed: Parsed, first: int, last: int) -> Iterator[Node]:
    waiting = [parsed.root]
    while waiting:
        node = waiting.pop()
        if node.end_byte <= first or node.start_byte >= last:
            continue
        if node.type in _BRANCHES and first <= node.start_byte:
            condition = node.child_by_field_name("condition")
            if condition is None and node.type == "conditional_expression" and node.named_child_count > 1:
                condition = node.named_child(1)  # Python's has no names for its parts
            if condition is not None:
                yield condition
        waiting.extend(node.children)


def _words(text: str) -> str:
    """Names and numbers of an expression, in snake case."""
    spaced = re.sub(r"(?<=[a-z\d])(?=[A-Z])", " ", text)
    words = [_WORDS.get(word, word.lower()) for word in _WORD.findall(spaced)]
    return "_".join(word for word in words[:MAX_WORDS] if word.isascii() and "=" not in word)


def _opening(subject: Subject | None) -> str:
    """How the first argument begins, by its type."""
    parameters = [each for each in subject.parameters if each.name not in RECEIVERS] if subject else []
    if not parameters or parameters[0].mark:
        return ""
    head = re.match(r"[\w.]*", parameters[0].type)
    return _OPENINGS.get(head.group().rpartition(".")[2], "") if head else ""
