"""Whether documentation says what the definition has: everything, and nothing else."""

from collections.abc import Iterable, Iterator

from codenook.context.parse import Language, encode, parse
from codenook.server.documentation.dialects.dialect import Dialect
from codenook.server.documentation.languages import subjects
from codenook.server.documentation.parts import Item, Parts
from codenook.server.documentation.rules import tells_nothing
from codenook.server.documentation.style import read
from codenook.server.documentation.subject import RECEIVERS, Kind, Returns, Subject
from codenook.server.verify.types import is_other_type
from codenook.server.verify.unchanged import difference


def problems(subject: Subject, parts: Parts, dialect: Dialect, kept: Parts | None = None) -> Iterator[str]:
    """What is documented and isn't there, and what is there and isn't documented, each as one line.

    What people had written before, ``kept``, may say what the code can't contradict: errors of called
    functions, members of the rest of the arguments.
    """
    if not parts.summary:
        yield "nothing is said in a sentence of its own"
    yield from _about_parameters(subject, parts, dialect, _left_alone(subject, kept))
    yield from _about_types(subject, parts)
    yield from _about_results(subject, parts, dialect, kept)
    raised = {name.rpartition(".")[2] for item in parts.raises for name in item.names}
    may_be = set() if subject.raises_nothing else _names(kept.raises if kept else ())
    if wrong := raised - set(subject.raises) - {name.rpartition(".")[2] for name in may_be}:
        yield f"{', '.join(sorted(wrong))} is not raised here"
    if dialect.says_raises and (lacking := set(subject.raises) - raised):
        yield f"that {', '.join(sorted(lacking))} is raised is not documented"


def _left_alone(subject: Subject, kept: Parts | None) -> set[str]:
    """The names that people have documented as parameters and a caller may give, for all the code says."""
    is_open = not subject.is_sure or any(parameter.mark for parameter in subject.parameters)
    return _names(kept.parameters) if kept and is_open else set()


def _names(items: Iterable[Item]) -> set[str]:
    return {name for item in items for name in item.names}


def _about_parameters(
    subject: Subject, parts: Parts, dialect: Dialect, left_alone: set[str]
) -> Iterator[str]:
    named = [name for item in parts.parameters for name in item.names]
    known = [parameter.name for parameter in subject.parameters if parameter.name]
    n_nameless = sum(not parameter.name for parameter in subject.parameters)
    others = [name for name in named if name not in {*known, *subject.type_parameters, *left_alone}]
    if len(others) > n_nameless:
        yield f"there is no parameter {', '.join(others)}"
    if len(set(named)) < len(named):
        yield "a parameter is documented twice"
    missing = [name for name in known if name not in {*named, *RECEIVERS}]
    if missing and dialect.says_parameters and subject.kind is Kind.FUNCTION:
        yield f"the parameter {', '.join(missing)} is not documented"
    typed = [name for row in parts.type_rows for name in row.names]
    if untold := [name for name in typed if name not in {*named, *known, *left_alone}]:
        yield f"there is no parameter {', '.join(untold)} to have a type"


def _about_types(subject: Subject, parts: Parts) -> Iterator[str]:
    """The types that are not those of the code, as far as both say so."""
    declared = {parameter.name: parameter.type for parameter in subject.parameters}
    told = [(name, item.type) for item in parts.parameters for name in item.names]
    told += [(row.name, row.text) for row in parts.type_rows]
    told += [("", parts.returns.type)] if parts.returns else []
    for name, said in dict.fromkeys(told):
        given = declared.get(name, "") if name else subject.return_type
        if is_other_type(said, given):
            yield f"{name or 'the result'} is documented as {said}, and is {given}"


def _about_results(subject: Subject, parts: Parts, dialect: Dialect, kept: Parts | None) -> Iterator[str]:
    if subject.kind is not Kind.FUNCTION:
        return
    result = parts.yields if subject.yields and parts.yields else parts.returns
    says_nothing = kept is not None and parts.returns is not None and tells_nothing(parts.returns)
    if parts.returns and subject.returns is Returns.NOTHING and not says_nothing:
        yield "a value is documented, and none is returned"
    if parts.yields and not subject.yields:
        yield "values are documented that are not yielded"
    if dialect.says_parameters and subject.returns is Returns.VALUE and result is None:
        yield "what is returned is not documented"


def check(language: Language, before: str, after: str, symbol: str) -> tuple[str, ...]:
    """What speaks against the edit that made ``after`` of ``before`` to document ``symbol``.

    Asked is the text as it would stand in the file, not what was meant to be written.
    """
    changed = difference(language, before, after)
    if changed is not None:
        return (changed,)
    old, new = _named(language, before, symbol), _named(language, after, symbol)
    touched = [now for was, now in zip(old, new, strict=True) if _texts(was) != _texts(now)] or new
    if not any(subject.doc for subject in touched):
        return (f"{symbol} has no documentation",)
    read_back = [(subject, *read(language.id, subject.doc)) for subject in touched if subject.doc]
    return tuple(told for subject, dialect, parts in read_back for told in problems(subject, parts, dialect))


def _named(language: Language, text: str, symbol: str) -> list[Subject]:
    """The definitions of that name: overloads, a property and what sets it."""
    return [subject for subject in subjects(parse(language, encode(text))) if subject.symbol == symbol]


def _texts(subject: Subject) -> list[str] | None:
    return subject.doc.texts if subject.doc is not None else None
