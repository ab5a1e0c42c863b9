"""What words claim of a value's type, compared with the type that is declared."""

import re

_TRUTH = re.compile(r"(?i)(?:``?)?(?:true|false|whether|a bool|a boolean)\b")
_TESTS = re.compile(r"(?i)(?:check|test|determine|tell|see)s? (?:if|whether)\b")
"""How a sentence begins that says of a value that it is true or false."""

_CLAIMS = (
    (re.compile(r"(?i)(?:true|false|whether)\b"), {"bool"}),
    (
        re.compile(r"(?i)(?:an? |the )?(?:total )?(?:number|count|length|amount)\b"),
        {"int", "float", "complex"},
    ),
    (re.compile(r"(?i)(?:an? |the )?(?:list|array)\b"), {"list", "sequence", "iterable", "collection"}),
    (re.compile(r"(?i)(?:an? |the )?(?:string|str|text)\b"), {"str"}),
    (re.compile(r"(?i)(?:an? |the )?(?:dict|dictionary|mapping)\b"), {"dict", "mapping"}),
    (re.compile(r"(?i)(?:an? |the )?tuple\b"), {"tuple"}),
    (re.compile(r"(?i)(?:an? |the )?(?:int|integer)\b"), {"int"}),
    (re.compile(r"(?i)(?:an? |the )?set of\b"), {"set", "frozenset"}),
)
_KNOWN = frozenset().union(*(kinds for _, kinds in _CLAIMS), {"bytes", "none"})


def contradicts(text: str, declared: str) -> bool:
    """Whether ``text`` begins with a kind of value that a ``declared`` type can't be.

    Nothing is said of a type that isn't among the plain ones.
    """
    kinds = {_plain(kind) for kind in declared.split("|")}
    if not declared.strip() or not kinds <= _KNOWN:
        return False
    claimed = next((allowed for pattern, allowed in _CLAIMS if pattern.match(text)), None)
    return claimed is not None and not kinds & claimed


def tells_truth(text: str) -> bool:
    """Whether words say of a value that it is true or false."""
    return bool(_TRUTH.match(text))


def tests(text: str) -> bool:
    """Whether a summary says that something is tested."""
    return bool(_TRUTH.match(text) or _TESTS.match(text))


def is_truth(declared: str) -> bool:
    """Whether a type has no values but true and false."""
    return {_plain(kind) for kind in declared.split("|")} == {"bool"}


def _plain(kind: str) -> str:
    """The name of a type without its module and what is in its brackets, in lower case."""
    name = kind.partition("[")[0].strip().rpartition(".")[2].lower()
    return "bool" if name == "boolean" else name
