"""What a test that a model wrote may not do: one code and one line, which the model can be told, for each."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain

from codenook.context.outline import Kind
from codenook.context.parse import Language, language_named
from codenook.server.tasks.jobs import Refused
from codenook.server.unit_tests.case import Call
from codenook.server.unit_tests.making.bodies import ecmascript, python, words
from codenook.server.unit_tests.making.bodies.body import Body, NoBody, first, last, parts
from codenook.server.unit_tests.making.refusals import Refusal
from codenook.server.unit_tests.target import Target

MAX_LINES, MAX_CHARACTERS = 30, 2_000
"""How long a test may be."""

_READ = {"python", "javascript", "javascriptreact", "typescript", "typescriptreact"}


def read(target: Target, text: str, imports: tuple[str, ...]) -> Body | Refused:
    """The statements that a model wrote, or why they aren't any."""
    language = language_named(target.language)
    if language is None or language.id not in _READ:
        return Refused(Refusal.SYNTAX, "Whole tests aren't read in this language.")
    if (refused := _flaw_of_form(language, text, imports)) is not None:
        return refused
    try:
        if language.id == "python":
            return python.read_body(text, imports)
        return ecmascript.read_body(language, text, imports)
    except NoBody as error:
        return Refused(Refusal.SYNTAX, str(error))


def _flaw_of_form(language: Language, text: str, imports: tuple[str, ...]) -> Refused | None:
    if len(text) > MAX_CHARACTERS or text.count("\n") >= MAX_LINES:
        return Refused(Refusal.TOO_LONG, f"The test has more than {MAX_LINES} lines.")
    lines = [*text.replace("\t", " ").split("\n"), *imports]
    if not all(line.isprintable() for line in lines):
        return Refused(Refusal.NOT_PLAIN, "There are characters in the test that nobody sees.")
    is_import = python.is_import if language.id == "python" else ecmascript.is_import
    wrong = next((line for line in imports if not is_import(line)), None)
    if wrong is None:
        return None
    return Refused(Refusal.BAD_IMPORT, f"`{wrong[:80]}` is no plain import statement.")


def refusal(body: Body, target: Target, known: frozenset[str]) -> Refused | None:
    """Why a test isn't tried; ``known`` are names that its file has: imports, fixtures, definitions."""
    return next(chain(_harm(body, target), _futile(body, target, known)), None)


def refusal_of_call(call: Call, target: Target) -> Refused | None:
    """Why a call isn't tried: what its arguments do besides is no matter of the target's.

    In a language whose statements aren't read here, that is for its kit to see.
    """
    if target.language not in _READ:
        return None
    expression = f"{call.receiver}.{target.definition.name}" if call.receiver else target.definition.name
    body = read(target, "\n".join([*call.setup, f"{expression}({call.arguments})"]), call.imports)
    return body if isinstance(body, Refused) else next(_harm(body, target), None)


def _harm(body: Body, target: Target) -> Iterator[Refused]:
    """What a test doesn't do, whatever it tests."""
    name = target.definition.name
    outer = {each for each in body.read if first(each) not in body.made} | body.imported.keys()
    meant = {each: body.meant(each) for each in outer if not _is_target(each, target)}
    if found := _among(meant, words.STAND_INS):
        yield Refused(Refusal.MOCKS, f"`{found}` replaces something: test the real code.")
    own = {first(target.symbol)}
    changed = {each for each in body.stored if last(each) == name or first(each) in own}
    changed |= {each for each in own & body.imported.keys() if not _is_own(body.imported[each], target)}
    if found := next(iter(sorted(body.made & own | changed)), ""):
        yield Refused(Refusal.REDEFINES, f"`{found}` is given another meaning: test the real code.")
    if found := _out(meant):
        yield Refused(Refusal.REACHES_OUT, f"`{found}` reaches out of the test.")
    if found := _files(body, meant):
        yield Refused(Refusal.FILES, f"`{found}` is about files; use the fixture tmp_path.")
    if body.is_endless or (found := _among(meant, words.WAITS)):
        yield Refused(Refusal.WAITS, "A test doesn't wait, nor loop without an end.")


def _futile(body: Body, target: Target, known: frozenset[str]) -> Iterator[Refused]:
    """Why a test tells nothing of the target."""
    meant = {each: body.meant(each) for each in body.read if first(each) not in body.made}
    if not _calls(body, target):
        yield Refused(Refusal.CALLS_NOTHING, f"`{target.symbol}` isn't called.")
    if not _tests(body, target) or _among(meant, words.SKIPS):
        yield Refused(Refusal.TESTS_NOTHING, "The test checks nothing that came of the call.")
    if found := _unknown(body, target, known):
        yield Refused(Refusal.UNKNOWN_NAME, f"`{found}` is neither defined nor imported.")


def _is_own(imported: str, target: Target) -> bool:
    """Whether what is imported may be from the target's file, by its path."""
    path = re.split(r"\W+", target.path)
    return not imported or bool({*path} & {*re.split(r"\W+", imported)[:-1]})


def _among(meant: Mapping[str, str], among: AbstractSet[str]) -> str:
    """The first name that has one of these words in it; dotted words are compared as a whole."""
    return next(
        (
            each
            for each in sorted(meant)
            if among & {*parts(meant[each]), *parts(each)}
            or any("." in w and w in meant[each] for w in among)
        ),
        "",
    )


def _out(meant: Mapping[str, str]) -> str:
    for each in sorted(meant):
        whole = meant[each]
        if first(whole) in words.OUT or words.INSIDE & {*parts(whole)} or whole in words.EXITS:
            return each
        if first(whole) in {"os", "posix"} and "." in whole and parts(whole)[1] not in words.OF_OS:
            return each
    return ""


def _files(body: Body, meant: Mapping[str, str]) -> str:
    if words.OWN_FOLDERS & {first(each) for each in body.read}:
        return ""
    by_module = (each for each in sorted(meant) if first(meant[each]) in words.FILE_MODULES)
    return next((each for each in sorted(body.called) if last(each) in words.FILE_CALLS), next(by_module, ""))


def _calls(body: Body, target: Target) -> bool:
    return any(_is_target(each, target) for each in body.called | _properties(body, target))


def _properties(body: Body, target: Target) -> frozenset[str]:
    """Members that are read like the target: a property isn't called."""
    return body.read if target.definition.kind is Kind.METHOD else frozenset()


def _is_target(name: str, target: Target) -> bool:
    definition = target.definition
    if definition.name in {"__init__", "__new__", "constructor"} or definition.kind is Kind.CLASS:
        return first(target.symbol) in parts(name)
    if definition.kind is Kind.METHOD:
        return "." in name and (last(name) == definition.name or definition.name.startswith("__"))
    return last(name) == definition.name


def _tests(body: Body, target: Target) -> bool:
    """Whether a check reads what the test called or made."""
    own = body.made | {first(each) for each in body.parameters}
    return any(any(_is_target(each, target) or first(each) in own for each in names) for names in body.checks)


def _unknown(body: Body, target: Target, known: frozenset[str]) -> str:
    there = known | body.made | body.imported.keys() | {*body.parameters, first(target.symbol)}
    there |= words.KNOWN_IN_PYTHON if target.language == "python" else words.KNOWN_IN_ECMASCRIPT
    return next((each for each in sorted(map(first, body.read)) if each and each not in there), "")
