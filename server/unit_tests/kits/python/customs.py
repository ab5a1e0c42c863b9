"""What programmers usually call what, and do with it: the types of parameters that say none."""

from collections.abc import Mapping

UNKNOWN = ("str", "int", "list[int]", "list[str]", "dict[str, int]", "float", "bool")

OF_METHODS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            *("split", "strip", "lstrip", "rstrip", "lower", "upper", "title", "startswith", "endswith"),
            *("replace", "join", "encode", "isdigit", "isupper", "islower", "capitalize", "splitlines"),
            *("partition", "rpartition", "format", "casefold", "zfill", "isalnum", "isalpha", "isspace"),
            *("rsplit", "ljust", "rjust", "center", "translate", "swapcase", "expandtabs", "find", "rfind"),
        ),
        "str",
    ),
    **dict.fromkeys(("items", "keys", "values", "setdefault", "get"), "dict[str, int]"),
    **dict.fromkeys(("append", "extend", "insert", "sort", "reverse", "pop", "index"), "list[int]"),
    **dict.fromkeys(("add", "discard", "union", "intersection", "difference", "issubset"), "set[int]"),
    "decode": "bytes",
    **dict.fromkeys(("strftime", "isoformat", "weekday", "timetuple", "utcoffset"), "datetime.datetime"),
    **dict.fromkeys(("is_dir", "is_file", "exists", "read_text", "joinpath", "relative_to"), "pathlib.Path"),
    **dict.fromkeys(("read", "readline", "readlines", "seek"), "io.StringIO"),
    **dict.fromkeys(("match", "search", "fullmatch", "findall", "finditer", "sub"), "re.Pattern"),
    **dict.fromkeys(("group", "groups", "groupdict", "span"), "re.Match"),
    **dict.fromkeys(("bit_length", "to_bytes"), "int"),
}
"""By the methods that are called of a parameter."""

OF_FUNCTIONS: Mapping[str, str] = {
    **dict.fromkeys(("iter", "sorted", "sum", "enumerate", "zip", "reversed"), "list[int]"),
    **dict.fromkeys(("max", "min", "tuple", "list", "set", "len", "any", "all"), "list[int]"),
    **dict.fromkeys(("chain", "islice", "tee", "cycle", "from_iterable", "deque", "groupby"), "list[int]"),
    **dict.fromkeys(("range", "chr", "abs", "divmod", "round", "pow", "hex", "bin"), "int"),
    **dict.fromkeys(("float", "isnan", "sqrt", "floor", "ceil", "log", "exp", "isinf"), "float"),
    **dict.fromkeys(("ord", "escape", "normalize", "quote", "unquote"), "str"),
    **dict.fromkeys(("dirname", "basename", "loads", "literal_eval", "compile", "getattr"), "str"),
}  # fmt: skip
"""By the functions that it is given to."""

OF_NAMES: tuple[tuple[str, str], ...] = (
    (r"^(is|has|should|use|with|allow|ignore|strict|force|include|reverse|verbose)(_|$)", "bool"),
    (r"(^|_)(func|function|callback|fn|f|key|predicate|pred|callable|transform|op|keyfunc)$", "Callable"),
    (r"(^|_)(n|i|j|k|num|count|size|length|width|height|index|idx|limit|depth|level|step|number|age|year|month|day|amount|start|stop|end|max|min|total|times|offset|port|bits)$", "int"),  # noqa: E501
    (r"^(max|min|num|n)_", "int"),
    (r"(^|_)(ratio|rate|weight|price|score|seconds|timeout|x|y|percent|factor|probability)$", "float"),
    (r"(^|_)(path|file|filename|dir|directory|folder)(name)?$", "str"),
    (r"(^|_)(s|text|string|str|name|word|words|line|title|label|prefix|suffix|sep|separator|delimiter|pattern|message|msg|url|uri|query|char|phrase|sentence|content|source|code|email|tag|token|version)$", "str"),  # noqa: E501
    (r"(^|_)(strings|names|lines|tokens|tags|keys|paths|labels|columns)$", "list[str]"),
    (r"(^|_)(items|values|numbers|nums|lst|list|seq|sequence|iterable|iterables|it|array|arr|data|elements|xs|l)$", "list[int]"),  # noqa: E501
    (r"(^|_)(d|dict|mapping|map|params|options|config|kwargs|headers|dictionary|dct|env)$", "dict[str, int]"),
    (r"(^|_)(date|dt|datetime|now|when|timestamp)$", "datetime.datetime"),
    (r"(^|_)(data|bytes|buffer|payload|raw|blob)$", "bytes"),
    (r"(^|_)(exc|exception|err|error)$", "Exception"),
    (r"(^|_)(cls|klass|type|class)_?$", "type"),
    (r"(^|_)(flag|enabled|default)$", "bool"),
)  # fmt: skip
"""By a parameter's own name, in small letters."""
