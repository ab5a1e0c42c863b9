"""Every rule of a review; docs/review-rules.md has a section for each, and a test holds both equal.

Team rules (``[[review.rules]]``) and linters' rules are made where they are read, with ids of the form
``team/<id>`` and ``<linter>/<code>``.
"""

from codenook.server.review.finding import Category, Rule, Severity, SourceName

MISSING_ARGUMENT = Rule(
    "missing-argument",
    "A call lacks an argument that the changed signature asks for.",
    "The change made a parameter necessary, and this call, which resolves to the definition, does not "
    "have it. Calls with `*` or `**`, and calls that may mean another definition, are left alone.",
    Category.API,
    Severity.ERROR,
    SourceName.FACTS,
)
EXTRA_ARGUMENT = Rule(
    "extra-argument",
    "A call has more arguments than the changed signature takes.",
    "The change took a parameter away that this call, which resolves to the definition, still fills by "
    "position. Calls with `*` or `**`, and calls that may mean another definition, are left alone.",
    Category.API,
    Severity.ERROR,
    SourceName.FACTS,
)
UNKNOWN_ARGUMENT = Rule(
    "unknown-argument",
    "A call names an argument that the changed signature no longer has.",
    "The change removed or renamed a parameter, or made it positional only, and this call, which "
    "resolves to the definition, still names it. Definitions that take `**` are left alone.",
    Category.API,
    Severity.ERROR,
    SourceName.FACTS,
)
REMOVED_NAME = Rule(
    "removed-name",
    "A name was removed or renamed, and is still used.",
    "What the change removed is still imported from the module, read from the imported module, or read "
    "in the file itself, and nothing else of that name is there. Imports in `try` and uses under "
    "`hasattr` are left alone.",
    Category.API,
    Severity.ERROR,
    SourceName.FACTS,
)
UNREAD_PARAMETER = Rule(
    "unread-parameter",
    "A new parameter is never read.",
    "The change added a parameter to a function whose body never mentions it. Overrides, abstract "
    "methods, stubs, protocols, decorated functions, callbacks, and names that begin with an underscore"
    " are left alone.",
    Category.UNUSED,
    Severity.WARNING,
    SourceName.FACTS,
)
UNKNOWN_EXCEPTION = Rule(
    "unknown-exception",
    "An exception type that is raised or caught does not exist.",
    "The changed line raises or catches a name that is defined nowhere it could come from, or a member "
    "that the imported module of the workspace does not have.",
    Category.BUG,
    Severity.ERROR,
    SourceName.FACTS,
)

FACTS = (
    MISSING_ARGUMENT,
    EXTRA_ARGUMENT,
    UNKNOWN_ARGUMENT,
    REMOVED_NAME,
    UNREAD_PARAMETER,
    UNKNOWN_EXCEPTION,
)
SURPRISE: tuple[Rule, ...] = ()
READING: tuple[Rule, ...] = ()
RULES = {rule.id: rule for rule in (*FACTS, *SURPRISE, *READING)}
