"""Values for parameters, as expressions: by what is known of each, boundaries first."""

import re
from collections.abc import Mapping, Sequence

from attrs import frozen

from codenook.context.parse import Parsed
from codenook.server.unit_tests.kits.ecmascript.parameters import Parameter
from codenook.server.unit_tests.kits.ecmascript.typed import BY_SORT, OF_ANY, Types
from codenook.server.unit_tests.kits.ecmascript.usage import Sort

_BY_NAME: Mapping[str, tuple[str, ...]] = {
    r"sep|separator|delim(?:iter)?|glue|joiner|replacement": ('"-"', '"_"', '""', '", "'),
    r"char|ch|c|letter": ('"a"', '" "', '"-"', '"Z"'),
    r".*path|file(?:name)?|dir(?:name)?": (
        '"/foo/bar/baz.txt"',
        '"foo"',
        '"./a/../b"',
        '""',
        '"/"',
        '"a.b.c"',
    ),
    r".*ur[li]|href|link": ('"https://example.com/a/b?x=1&y=2#z"', '"/a"', '""', '"http://a.b:80"'),
    r".*version|range|semver|[vab]\d?|v[12]|release": (
        *('"1.2.3"', '"2.0.0-beta.1"', '"v1.10.0"', '"^1.2.0"', '"1.2"', '"not a version"', '""'),
    ),
    r"colou?r|hex": ('"#ff8000"', '"#fff"', '"red"', '""'),
    r"html|xml|markup": ('"<b>a & b</b>"', '"a"', '""', '"it\'s"'),
    r"json": ("'{\"a\": [1, 2]}'", '"[]"', '"{"'),
    r"query|qs|querystring": ('"a=1&b=2"', '"a[]=1&a[]=2"', '""', '"?x=%20y"'),
    r"email|mail": ('"user@example.com"', '"no mail"', '""'),
    r"unit|units": ('"day"', '"hour"', '"s"'),
    r"encoding": ('"utf8"', '"hex"'),
    r"locale|lang(?:uage)?": ('"en"', '"tr"'),
}
"""Texts for names that say more than that it is one."""

_OFF: Mapping[Sort, tuple[str, ...]] = {
    Sort.STRING: ("2", "null"),
    Sort.NUMBER: ('"12"', "null"),
    Sort.ARRAY: ("null", '"abc"'),
    Sort.OBJECT: ("null", "[]"),
    Sort.FUNCTION: ("null",),
    Sort.DATE: ("0", '"2024-02-29"'),
}
"""What somebody may give by mistake."""

_MOST = 14


@frozen
class Values:
    """Makes values, in a file whose types are known."""

    types: Types

    @classmethod
    def of(cls, parsed: Parsed) -> "Values":
        """With the types that a file declares."""
        return cls(Types.of(parsed))

    def of_parameter(self, parameter: Parameter) -> list[str]:
        """Values for a parameter, the usual one first."""
        by_type = self.types.of_text(parameter.type) if parameter.type else []
        if by_type and parameter.is_rest:
            by_type = [value[1:-1] for value in by_type if re.fullmatch(r"\[[^\[]*\]", value)]
        named = self._by_name(parameter, by_type)
        suggested = [value for sort in parameter.sorts[:3] for value in _of_sort(sort, parameter)]
        known = [*named, *(by_type or suggested)]
        usual, others = known[:1], known[1:]
        if not known:
            usual, others = list(OF_ANY[:1]), list(OF_ANY[1:])
        constants = [each for each in parameter.constants if not by_type or _is_like(each, by_type)]
        is_plain = re.fullmatch(r"(?:['\"\d\[{-]|true|false)[^()]*", parameter.default)
        default = [parameter.default] if is_plain else []
        if parameter.is_rest:
            usual = [", ".join(known[:2] or OF_ANY[:2]), *usual]
        left_out = ["undefined"] if parameter.is_optional else []
        return list(
            dict.fromkeys(
                [*usual, *constants, *others[:2], *self._off(parameter), *default, *others, *left_out]
            )
        )[:_MOST]

    def _by_name(self, parameter: Parameter, by_type: Sequence[str]) -> list[str]:
        is_text = (
            by_type[:1] == list(BY_SORT[Sort.STRING][:1])
            if by_type
            else parameter.sorts[:1]
            in {
                (),
                (Sort.STRING,),
            }
        )
        if not is_text:
            return []
        name = parameter.name
        return [v for pattern, values in _BY_NAME.items() if re.fullmatch(pattern, name) for v in values]

    def _off(self, parameter: Parameter) -> Sequence[str]:
        """Values of other sorts, where the code looks at what it is given."""
        if not parameter.is_guarded or parameter.is_rest:
            return ()
        sorts = parameter.sorts[:1] or (Sort.STRING,)
        return _OFF.get(sorts[0], ()) if not parameter.type else ()


def _of_sort(sort: Sort, parameter: Parameter) -> list[str]:
    if sort is not Sort.OBJECT or not parameter.keys:
        return list(BY_SORT[sort])
    keys = [key for key in parameter.keys if re.fullmatch(r"[\w$]+", key)]
    numbers = ", ".join(f"{key}: {index + 1}" for index, key in enumerate(keys))
    strings = ", ".join(f'{key}: "{key}"' for key in keys)
    single = [f"{{ {key}: {value} }}" for key in keys[:4] for value in ("true", "2", '"a"')]
    return [f"{{ {numbers} }}", f"{{ {strings} }}", "{}", *single]


def _is_like(constant: str, values: Sequence[str]) -> bool:
    """Whether a literal is among the values, or of their sort."""
    is_number = constant[:1].isdigit()
    return constant in values or any(is_number == value.lstrip("-")[:1].isdigit() for value in values[:2])
