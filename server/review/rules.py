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
    "in the file itself, and nothing else of that name is there; of JavaScript and TypeScript, what a "
    "module exports no more and others import by name. Imports in `try` and uses under `hasattr` are left "
    "alone.",
    Category.API,
    Severity.ERROR,
    SourceName.FACTS,
)
UNREAD_PARAMETER = Rule(
    "unread-parameter",
    "A new parameter is never read.",
    "The change added a parameter to a function whose body never mentions it. Overrides, abstract "
    "methods, stubs, protocols, decorated functions, callbacks, methods that take the same as two others of "
    "their class, and names that begin with an underscore are left alone.",
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
UNLIKELY_OPERATOR = Rule(
    "unlikely-operator",
    "Another operator is far likelier here.",
    "The model, reading the code before the changed line and what follows, gives another comparison, "
    "arithmetical or boolean operator a much higher probability in the place of this one.",
    Category.BUG,
    Severity.INFO,
    SourceName.SURPRISE,
)
UNLIKELY_CONDITION = Rule(
    "unlikely-condition",
    "The opposite condition is far likelier here.",
    "The model expects a `not` where there is none, or none where there is one.",
    Category.BUG,
    Severity.INFO,
    SourceName.SURPRISE,
)
UNLIKELY_CONSTANT = Rule(
    "unlikely-constant",
    "Another constant is far likelier here.",
    "The model expects a number next to this one, a 0, 1 or 2, the other truth value, or another short text "
    "that the same function has.",
    Category.BUG,
    Severity.INFO,
    SourceName.SURPRISE,
)
OFF_BY_ONE = Rule(
    "off-by-one",
    "One more or one less is far likelier here.",
    "The model expects `+ 1` or `- 1` at an index, a bound or a range, or none where there is one.",
    Category.BUG,
    Severity.INFO,
    SourceName.SURPRISE,
)
UNLIKELY_NAME = Rule(
    "unlikely-name",
    "Another name in scope is far likelier here.",
    "The model expects another name that the function read or bound before in the same role, another "
    "member of the same object, or a function that is often taken for this one.",
    Category.BUG,
    Severity.INFO,
    SourceName.SURPRISE,
)
SWAPPED_ARGUMENTS = Rule(
    "swapped-arguments",
    "Two arguments or operands are far likelier the other way round.",
    "The model expects two neighbouring arguments of a call, elements of a list or operands in the other "
    "order.",
    Category.BUG,
    Severity.INFO,
    SourceName.SURPRISE,
)
UNLIKELY_EXPRESSION = Rule(
    "unlikely-expression",
    "Less of this expression, or one call more or less in it, is far likelier here.",
    "The model expects an expression without one of its operands, a value in a call of a function that takes "
    "one, or the value of such a call without it.",
    Category.BUG,
    Severity.INFO,
    SourceName.SURPRISE,
)
DROPPED_RESULT = Rule(
    "dropped-result",
    "What a call gives is far likelier returned or awaited here.",
    "The model expects a `return` before the last call of a function, or an `await` before a call in a "
    "coroutine.",
    Category.BUG,
    Severity.INFO,
    SourceName.SURPRISE,
)
SURPRISE = (
    UNLIKELY_OPERATOR,
    UNLIKELY_CONDITION,
    UNLIKELY_CONSTANT,
    OFF_BY_ONE,
    UNLIKELY_NAME,
    SWAPPED_ARGUMENTS,
    UNLIKELY_EXPRESSION,
    DROPPED_RESULT,
)
_READ = {
    Category.BUG: ("does something other than it should", Severity.WARNING),
    Category.API: ("does not fit a definition that it uses, or those that use it", Severity.WARNING),
    Category.UNUSED: ("is there for nothing", Severity.INFO),
    Category.TYPES: ("has or gives a value of another type than is expected", Severity.WARNING),
    Category.SECURITY: ("lets somebody do what they should not", Severity.WARNING),
    Category.PERFORMANCE: ("takes far more time or memory than it has to", Severity.INFO),
    Category.READABILITY: ("misleads whoever reads it", Severity.INFO),
    Category.DOCUMENTATION: ("is not what its documentation says", Severity.INFO),
    Category.TESTS: ("is not tested, or its test proves nothing", Severity.INFO),
    Category.STYLE: ("is written in another way than the code around it", Severity.HINT),
}
"""What a chat model may say of a line, by category."""

READING_BY_CATEGORY = {
    category: Rule(
        f"reading-{category.value}",
        f"A chat model says that a changed line {what}.",
        "What is wrong is in the message, in the model's words, and was not refuted when the model was asked "
        "to prove it wrong. How severe it is the model says, but never an error.",
        category,
        severity,
        SourceName.READING,
    )
    for category, (what, severity) in _READ.items()
}
READING = tuple(READING_BY_CATEGORY.values())
RULES = {rule.id: rule for rule in (*FACTS, *SURPRISE, *READING)}
