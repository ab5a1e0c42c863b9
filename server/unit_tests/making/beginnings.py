"""Beginnings of tests that lead a model to different inputs: one for each error, branch and argument."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from attrs import frozen
from tree_sitter import Node

from codenook.context.outline import Kind as DefinitionKind
from codenook.context.parse import Parsed, encode, language_named, parse
from codenook.server.documentation.subject import Subject
from codenook.server.unit_tests.case import Call, Check, Kind, Origin, Test
from codenook.server.unit_tests.making.arguments import holes
from codenook.server.unit_tests.making.material import MARK
from codenook.server.unit_tests.target import Target

N_RECEIVERS = 2
"""Objects on which a method is called, at most."""

N_VARIED = 3
"""Known calls of which one argument is written anew, at most."""

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
_WORDS = {"==": "is", "!=": "is_not", "<": "below", ">": "above", "!": "not", "%": "modulo"}
_WORD = re.compile(r"[^\W\d_]+|\d+|[!=]=|[<>!%]")
_CONSTRUCTORS = {"__init__", "__new__", "constructor"}
_WITH_NEW = {"javascript", "typescript", "javascriptreact", "typescriptreact"}


@frozen
class Beginning:
    """A test with `MARK` where the model goes on.

    Where ``rest`` isn't empty, it writes one value, which ``opening`` begins and ``rest`` follows. ``like``
    is the call whose object or other arguments are used again; None where there is none.
    """

    test: Test
    opening: str = ""
    rest: str = ""
    like: Call | None = None


@frozen
class _Place:
    """Where the model is to go on: ``call`` is all of a call, with `MARK` in it."""

    call: str
    opening: str = ""
    rest: str = ""
    like: Call | None = None


def beginnings(target: Target, subject: Subject | None, calls: Sequence[Call]) -> list[Beginning]:
    """The beginnings for a target, the most telling first; ``calls`` are known ones.

    A small model hardly knows what a function takes: so most of them are known calls of which it writes one
    argument anew.
    """
    name = _words(target.definition.name) or "it"
    names = [(name, "")]
    errors = [(f"{name}_raises_{_words(error)}", error) for error in (subject.raises if subject else ())]
    branches = [(f"{name}_{condition}", "") for condition in _conditions(target)]
    names += [each for pair in zip_longest(errors, branches) for each in pair if each is not None]
    free = [_Place(f"{callee}({MARK})", like=like) for callee, like in _called(target, calls)]
    varied = list(_varied(target, calls))
    n = max(len(varied), len(names)) if varied else 0
    found = [_begun(names[at % len(names)], varied[at % len(varied)]) for at in range(n)]
    found += [_begun(each, place) for each in names for place in free]
    return list(dict.fromkeys(found))


def _varied(target: Target, calls: Sequence[Call]) -> Iterator[_Place]:
    """The places in known calls: the first ones of each, then the second ones, and so on."""
    known = [each for each in calls if each.arguments.strip()][:N_VARIED]
    for in_turn in zip_longest(*(holes(each.arguments) for each in known)):
        for like, hole in zip(known, in_turn, strict=True):
            if hole is not None:
                callee = f"{like.receiver}.{target.definition.name}" if like.receiver else _name(target)
                value = f"{callee}({hole.before}{MARK}{hole.rest})"
                yield _Place(value, hole.opening, f"{hole.rest})", like)


def _begun(named: tuple[str, str], place: _Place) -> Beginning:
    name, error = named
    like = place.like
    check = Check(Kind.RAISES, place.call, error) if error else Check(Kind.EQUAL, place.call, "0")
    return Beginning(
        Test(
            name,
            Origin.MODEL,
            statements=like.setup if like else (),
            checks=(check,),
            imports=like.imports if like else (),
            fixtures=like.fixtures if like else (),
        ),
        place.opening,
        place.rest,
        like,
    )


def _name(target: Target) -> str:
    """How a function, or the class of a constructor, is called."""
    definition = target.definition
    return definition.symbol.removesuffix(f".{definition.name}") or definition.name


def _called(target: Target, calls: Sequence[Call]) -> Iterator[tuple[str, Call | None]]:
    """What stands before the parenthesis, and the call that it is taken from."""
    definition = target.definition
    if definition.kind is not DefinitionKind.METHOD or definition.name in _CONSTRUCTORS:
        yield _name(target), None
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
