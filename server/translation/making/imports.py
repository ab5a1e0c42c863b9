"""What the head of a file needs for the names of the standard library that a body reads.

A model that fills in a body can't write above it, and one that is asked forgets half of it. Names are those
that such bodies have; what is missing here, a compiler says.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from codenook.context.parse import encode, language_named, parse

_PYTHON_MODULES = (
    "math re itertools functools collections string heapq bisect hashlib json operator random copy"
)
_PYTHON_NAMES = {
    "collections": "Counter defaultdict deque OrderedDict",
    "functools": "reduce lru_cache cmp_to_key partial",
    "typing": "Any Optional Union Callable Iterable Iterator Sequence Mapping",
    "dataclasses": "dataclass",
    "enum": "Enum",
    "decimal": "Decimal",
    "fractions": "Fraction",
}
_JAVA = {
    "java.util": (
        "ArrayList LinkedList Arrays List Map HashMap LinkedHashMap TreeMap Set HashSet LinkedHashSet "
        "TreeSet Collections Collection Deque ArrayDeque Queue PriorityQueue Stack Iterator Objects Optional "
        "StringJoiner Comparator OptionalInt OptionalDouble Random BitSet Locale NoSuchElementException"
    ),
    "java.util.stream": "Collectors IntStream Stream LongStream DoubleStream",
    "java.util.function": "Function BiFunction Predicate Supplier Consumer BinaryOperator UnaryOperator",
    "java.util.regex": "Pattern Matcher",
    "java.math": "BigInteger BigDecimal RoundingMode MathContext",
    "java.nio.charset": "StandardCharsets Charset",
    "java.security": "MessageDigest NoSuchAlgorithmException",
}
_CPP = {
    "algorithm": (
        "sort stable_sort reverse max min max_element min_element find find_if count count_if transform "
        "all_of any_of none_of copy fill unique remove remove_if swap lower_bound upper_bound binary_search "
        "next_permutation rotate replace equal clamp for_each partial_sort nth_element"
    ),
    "numeric": "accumulate iota gcd lcm inner_product partial_sum",
    "cmath": "sqrt pow floor ceil round fabs abs fmod log log2 log10 exp sin cos tan isnan isinf trunc cbrt",
    "cctype": "isalpha isdigit isspace isupper islower toupper tolower isalnum ispunct",
    "cstdint": "int64_t uint64_t int32_t uint32_t uint8_t int8_t int16_t uint16_t",
    "cstdlib": "div llabs strtol strtod",
    "iterator": "back_inserter distance next prev advance",
    "limits": "numeric_limits",
    "map": "map multimap",
    "memory": "unique_ptr shared_ptr make_unique make_shared",
    "optional": "optional nullopt make_optional",
    "queue": "queue priority_queue",
    "deque": "deque",
    "set": "set multiset",
    "sstream": "stringstream ostringstream istringstream",
    "iomanip": "setprecision setw setfill",
    "stack": "stack",
    "stdexcept": "invalid_argument out_of_range runtime_error domain_error logic_error overflow_error",
    "string": "string to_string stoi stol stoll stod getline",
    "tuple": "tuple make_tuple tie get",
    "unordered_map": "unordered_map",
    "unordered_set": "unordered_set",
    "utility": "pair make_pair move",
    "vector": "vector",
    "functional": "function hash greater less",
    "variant": "variant holds_alternative monostate",
    "any": "any any_cast",
    "array": "array",
    "bitset": "bitset",
    "regex": "regex smatch regex_match regex_search regex_replace",
}
_C = {
    "ctype.h": "isalpha isdigit isspace isupper islower toupper tolower isalnum ispunct isxdigit",
    "limits.h": "INT_MAX INT_MIN LONG_MAX LONG_MIN LLONG_MAX LLONG_MIN UINT_MAX CHAR_BIT",
    "math.h": "sqrt pow floor ceil round fabs fmod log log2 log10 exp sin cos tan trunc cbrt NAN INFINITY",
    "float.h": "DBL_MAX DBL_MIN DBL_EPSILON",
    "stdbool.h": "bool true false",
    "stdint.h": "int64_t uint64_t int32_t uint32_t uint8_t int8_t int16_t uint16_t INT64_MAX INT64_MIN",
    "stdio.h": "printf snprintf sprintf fprintf puts putchar sscanf stderr",
    "stdlib.h": "malloc calloc realloc free abs labs llabs qsort strtol strtod strtoll atoi abort exit",
    "stddef.h": "size_t NULL ptrdiff_t",
    "string.h": (
        "strlen strcmp strncmp strcpy strncpy strcat strncat strchr strrchr strstr strdup memcpy memset "
        "memmove memcmp strtok"
    ),
}
_RUST = {
    "std::collections": "HashMap HashSet BTreeMap BTreeSet VecDeque BinaryHeap",
    "std::cmp": "Ordering Reverse",
    "std::fmt": "Write",
    "std::rc": "Rc",
    "std::cell": "RefCell Cell",
}
_GO = {
    "strings": "strings",
    "strconv": "strconv",
    "math": "math",
    "sort": "sort",
    "fmt": "fmt",
    "errors": "errors",
    "unicode": "unicode",
    "utf8": "unicode/utf8",
    "bytes": "bytes",
    "slices": "slices",
    "maps": "maps",
    "big": "math/big",
    "bits": "math/bits",
    "cmp": "cmp",
    "regexp": "regexp",
    "hex": "encoding/hex",
    "md5": "crypto/md5",
    "sha256": "crypto/sha256",
}
_IMPORTS: Mapping[str, frozenset[str]] = {
    "python": frozenset({"import_statement", "import_from_statement"}),
    "javascript": frozenset({"import_statement"}),
    "typescript": frozenset({"import_statement"}),
    "java": frozenset({"import_declaration"}),
    "go": frozenset({"import_declaration"}),
    "rust": frozenset({"use_declaration"}),
    "c": frozenset({"preproc_include"}),
    "cpp": frozenset({"preproc_include"}),
}
"""What the nodes of imports are called."""


def needed(body: str, language: str) -> tuple[str, ...]:
    """The rows that a body needs at the head of a file of ``language``, in order."""
    find = _FINDERS.get(language)
    return tuple(sorted(set(find(body)))) if find else ()


def allowed(rows: Iterable[str], body: str, language: str) -> tuple[str, ...]:
    """Of the rows that a model wrote for the head of a file those that import something, and no more."""
    known = language_named(language)
    if known is None:
        return ()
    kinds = _IMPORTS.get(language, frozenset())
    found = []
    for row in dict.fromkeys(each.strip() for each in rows):
        text = row if row.startswith("import ") or language != "go" else f"import {row}"
        root = parse(known, encode(f"{text}\n")).root
        is_import = not root.has_error and all(child.type in kinds for child in root.named_children)
        if text and "\n" not in text and is_import and _is_used(text, body, language):
            found.append(text)
    return tuple(found)


def _is_used(row: str, body: str, language: str) -> bool:
    """Whether a body reads what a row imports; only Go refuses what isn't read."""
    path = re.search(r'"([^"]+)"', row)
    return language != "go" or (path is not None and f"{path[1].rpartition('/')[2]}." in body)


def _python(body: str) -> Iterator[str]:
    for module in _PYTHON_MODULES.split():
        if re.search(rf"(?<![\w.]){module}\.", body):
            yield f"import {module}"
    for module, names in _PYTHON_NAMES.items():
        yield from (f"from {module} import {name}" for name in _read(body, names, r"(?<![\w.])"))


def _java(body: str) -> Iterator[str]:
    for package, names in _JAVA.items():
        yield from (f"import {package}.{name};" for name in _read(body, names, r"(?<![\w.])"))


def _cpp(body: str) -> Iterator[str]:
    for header, names in _CPP.items():
        if any(True for _ in _read(body, names, r"(?:\bstd::|(?<![\w.>:]))")):
            yield f"#include <{header}>"


def _c(body: str) -> Iterator[str]:
    for header, names in _C.items():
        if any(True for _ in _read(body, names, r"(?<![\w.>])")):
            yield f"#include <{header}>"


def _rust(body: str) -> Iterator[str]:
    for module, names in _RUST.items():
        yield from (f"use {module}::{name};" for name in _read(body, names, r"(?<![\w:])"))


def _go(body: str) -> Iterator[str]:
    for name, path in _GO.items():
        if re.search(rf"(?<![\w.]){name}\.[A-Z]", body):
            yield f'import "{path}"'


def _read(body: str, names: str, before: str) -> Iterator[str]:
    """Those of the names that stand in a body as words of their own."""
    yield from (name for name in names.split() if re.search(rf"{before}{name}\b", body))


_FINDERS = {"python": _python, "java": _java, "cpp": _cpp, "c": _c, "rust": _rust, "go": _go}
