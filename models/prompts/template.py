"""Renders one chat template, as a process of its own: templates are programs, and model files may be hostile.

They run in Jinja's sandbox, and the process may use little time and memory and open no file or connection.
stdin has the template and what it is given as JSON, stdout gets ``{"text": …}`` or ``{"error": …}``.
"""

import json
import resource
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any, NoReturn

import jinja2.debug
import jinja2.ext
import jinja2.nodes
import jinja2.parser
import jinja2.sandbox

CPU_S = 5
"""Seconds of computation; real templates take milliseconds."""

MEMORY_BYTES = 1 << 30
"""Address space, most of which Python and its libraries take."""

MAX_CHARACTERS = 100_000
"""A longer layout is no layout."""


class _Generation(jinja2.ext.Extension):
    """``{% generation %}``, by which some templates mark the answer for training: without effect here."""

    tags = {"generation"}  # noqa: RUF012 - as declared in Jinja

    def parse(self, parser: jinja2.parser.Parser) -> list[jinja2.nodes.Node]:
        """Return what stands inside."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Refused(Exception):
    """The template itself refuses the conversation."""


def render(template: str, given: dict[str, Any]) -> str:
    """Render ``template`` with the options and functions that Hugging Face's templates are written for."""
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[_Generation, jinja2.ext.loopcontrols]
    )
    environment.filters["tojson"] = _to_json
    return environment.from_string(template).render(
        **given,
        raise_exception=_refuse,
        strftime_now=lambda form: datetime.now().strftime(form),  # noqa: DTZ005
    )


def main() -> None:
    """Answer the one question on stdin."""
    question = json.load(sys.stdin)
    _load_everything()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    with suppress(ValueError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    try:
        text = render(question["template"], question["given"])
        answer = {"text": text} if len(text) <= MAX_CHARACTERS else {"error": "its output has no end"}
    except MemoryError:
        answer = {"error": "it takes too much memory"}
    except RecursionError:
        answer = {"error": "it calls itself without end"}
    except Exception as error:  # noqa: BLE001 - a template may raise anything
        first = str(error).strip().partition("\n")[0]
        answer = {"error": f"{type(error).__name__.removeprefix('_')}: {first[:200]}"}
    json.dump(answer, sys.stdout)


def _load_everything() -> None:
    """Have what Jinja and Python load when they first need it: later no file can be opened."""
    render(r"{{ '\n' | tojson }}{% for i in [] %}{% endfor %}", {})
    with suppress(jinja2.UndefinedError):
        render("{{ nothing.there }}", {})
    with suppress(jinja2.TemplateSyntaxError):
        render("{% for", {})


def _refuse(message: object) -> NoReturn:
    raise _Refused(str(message))


def _to_json(value: object, indent: int | None = None, **_options: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


if __name__ == "__main__":
    main()
