"""What is written behind a program of C, and the program of C++ that calls it with what comes on stdin.

Between the two stands a function that takes and gives numbers and pointers alone.
"""

import re
from collections.abc import Iterator, Mapping

from codenook.server.translation.languages.c.reading import function_named
from codenook.server.translation.languages.c.taking import Header, Taken, header_of
from codenook.server.translation.languages.cpp.calling import NotCalled
from codenook.server.translation.languages.cpp.types import aliases, shape_of
from codenook.server.translation.languages.language import Program
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

_MACRO = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.MULTILINE)
_BETWEEN = "codenook_call"
_HANDED = "std::forward<decltype(each)>(each)..."
_CPP = {Kind.BOOL: "bool", Kind.CHAR: "char", Kind.TEXT: "std::string"}


def calling(program: Program) -> tuple[str, str]:
    """Text for behind ``program.text``, and the program that calls it; raises NotCalled."""
    text, signature = program.text, program.signature
    node = function_named(text, signature.name)
    if node is None:
        raise NotCalled(f"there is no function {signature.name}")
    known = aliases(text)
    header = header_of(node, known)
    optional = {each.name for each in signature.parameters if each.shape.kind is Kind.OPTION}
    taken = [_Argument(each, n, known, optional) for n, each in enumerate(header.taken)]
    result = _Result(header, known, is_optional=signature.result.kind is Kind.OPTION)
    undefined = [f"#undef {each}" for each in dict.fromkeys([*_MACRO.findall(text), "main"])]
    between = ", ".join(each for argument in taken for each in argument.between) or "void"
    behind = [*undefined, "#include <stddef.h>", "#include <stdint.h>"]
    given = ", ".join(each for argument in taken for each in argument.handed_on)
    call = f"{signature.name}({given})"
    behind += [f"{result.between} {_BETWEEN}({between}) {{", f"    {result.giving}{call};", "}", ""]
    return "\n".join(behind), "\n".join([*_caller(taken, result, between), ""])


def _caller(taken: list["_Argument"], result: "_Result", between: str) -> Iterator[str]:
    inputs = [each for each in taken if not each.taken.is_out]
    parameters = ", ".join(f"{each.container} p{each.number}" for each in inputs)
    yield "#define _Bool bool"
    yield '#include "codenook_run.hpp"'
    yield '#include "codenook_guarded.hpp"'
    yield f'extern "C" {result.between} {_BETWEEN}({between});'
    yield f"static {result.container} target({parameters}) {{"
    yield "    std::size_t length = 0; (void)length;"
    yield from (f"    {line}" for each in inputs if (line := each.guarded))
    given = ", ".join(each for argument in taken for each in argument.given)
    call = f"{_BETWEEN}({given})"
    yield f"    {call};" if result.is_nothing else f"    const auto found = {call};"
    yield from (f"    g{each.number}.back(p{each.number});" for each in inputs if each.is_changed)
    yield f"    return {result.read};"
    yield "}"
    yield "int main() {"
    yield f"    return codenook::run<{len(inputs)}>("
    yield f"        &target, [](auto &&...each) -> decltype(auto) {{ return target({_HANDED}); }},"
    yield "        [](const auto &) { return 0; });"
    yield "}"


class _Argument:
    """How one parameter comes from a container of C++ to C."""

    def __init__(self, taken: Taken, number: int, known: Mapping[str, str], optional: set[str]) -> None:
        self.taken, self.number = taken, number
        self._is_text = taken.shape.kind is Kind.TEXT
        is_pointer = bool(taken.element) and not (taken.has_length or taken.is_out)
        self._is_optional = is_pointer and taken.name in optional
        if is_pointer and not self._is_optional:
            raise NotCalled(f"how many elements {taken.name} points to isn't known")
        shape = taken.shape if not taken.element else shape_of(taken.element, known)
        self._plain = _plain(shape, taken.written)

    @property
    def is_changed(self) -> bool:
        """Whether the container gets what the function left in the memory."""
        is_text = self._is_text and "const" not in self.taken.written.split("*")[0].split()
        return is_text or (self.taken.has_length and self.taken.is_changeable)

    @property
    def container(self) -> str:
        """What the function of C++ takes."""
        if self._is_optional:
            return f"std::optional<{self._plain}>"
        if not (self._is_text or self.taken.has_length):
            return self._plain
        whole = f"std::vector<{self._plain}>" if self.taken.has_length else self._plain
        return f"{whole} &" if self.is_changed else f"const {whole} &"

    @property
    def guarded(self) -> str:
        """The statement that makes memory of the container; empty for a number."""
        if not (self._is_text or self.taken.has_length):
            return ""
        kind = f"codenook::Guarded<{self._plain}>"
        if self._plain == _CPP[Kind.TEXT]:
            kind = "codenook::GuardedTexts" if self.taken.has_length else "codenook::GuardedText"
        return f"const {kind} g{self.number}(p{self.number});"

    @property
    def given(self) -> list[str]:
        """What C++ hands over."""
        at = self.number
        if self.taken.is_out:
            return ["&length"]
        if self._is_optional:
            return [f"p{at} ? &*p{at} : nullptr"]
        if self.taken.has_length:
            return [f"g{at}.data()", f"p{at}.size()"]
        return [f"g{at}.data()" if self._is_text else f"p{at}"]

    @property
    def between(self) -> list[str]:
        """The parameters of the function between the languages."""
        at = self.number
        if self.taken.has_length:
            return [f"void *a{at}", f"size_t n{at}"]
        is_number = not (self._is_text or self._is_optional or self.taken.is_out)
        return [f"{'_Bool' if self._plain == 'bool' else self._plain} a{at}" if is_number else f"void *a{at}"]

    @property
    def handed_on(self) -> list[str]:
        """What C hands over."""
        return [f"a{self.number}", *([f"n{self.number}"] if self.taken.has_length else [])]


class _Result:
    """How a result comes from C."""

    def __init__(self, header: Header, known: Mapping[str, str], *, is_optional: bool) -> None:
        kind = header.result.kind
        element = header.element or (header.behind if is_optional else "")
        self.is_nothing = kind is Kind.NOTHING
        self._plain = ""
        self._is_list, self._is_optional = bool(header.element), bool(element and not header.element)
        if not self.is_nothing:
            shape = shape_of(element, known) if element else header.result
            self._plain = _plain(shape, header.written)

    @property
    def container(self) -> str:
        """What the function of C++ gives."""
        if self._is_list:
            return f"std::vector<{self._plain}>"
        if self._is_optional:
            return f"std::optional<{self._plain}>"
        return "const char *" if self._is_text else self._plain or "void"

    @property
    def _is_text(self) -> bool:
        return self._plain == _CPP[Kind.TEXT]

    @property
    def between(self) -> str:
        """What the function between the languages gives."""
        if self._is_list or self._is_optional or self._is_text:
            return "void *"
        return {"bool": "_Bool", "": "void"}.get(self._plain, self._plain)

    @property
    def giving(self) -> str:
        """What stands in C before the call."""
        return "" if self.is_nothing else "return (void *)" if "*" in self.between else "return "

    @property
    def read(self) -> str:
        """What C++ makes of ``found``."""
        if self._is_list:
            behind = "char *" if self._is_text else self._plain
            return f"codenook::listed<{self._plain}, {behind}>(found, length)"
        if self._is_optional:
            return f"codenook::perhaps<{self._plain}>(found)"
        if self.is_nothing:
            return ""
        return "static_cast<const char *>(found)" if self._is_text else "found"


def _plain(shape: Shape, written: str) -> str:
    """A type of C++ that is as wide."""
    if shape.kind is Kind.FLOAT and "long" not in written.split():
        return "float" if shape.bits == 32 else "double"  # noqa: PLR2004 - its width
    if shape.kind is Kind.INT and shape.bits <= 64:  # noqa: PLR2004 - the widest
        return f"{'' if shape.is_signed else 'u'}int{shape.bits}_t"
    if shape == UNKNOWN or shape.kind not in _CPP:
        raise NotCalled(f"values of the type {written} aren't plain data")
    return _CPP[shape.kind]
