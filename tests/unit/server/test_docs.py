"""docs/ says what the code does: one page is written from it, the tables of the other are compared."""

import json
import re
from pathlib import Path

import attrs
import pytest
from lsprotocol import types

from codenook.context.snippets import Dropped, Why
from codenook.context.tasks import Task
from codenook.server.config import settings_page
from codenook.server.lsp.language_server import Counters
from codenook.server.lsp.server import COMMANDS, HANDLERS
from codenook.server.reasons import Reason

DOCS = Path(__file__).parents[3] / "docs"
CONTEXT = (DOCS / "context.md").read_text(encoding="utf-8")
LSP = (DOCS / "lsp.md").read_text(encoding="utf-8")


def test_settings_page_is_the_one_that_the_code_writes():
    """Remake it with ``python -m codenook.server.config > docs/settings.md``."""
    assert (DOCS / "settings.md").read_text(encoding="utf-8") == settings_page()


def test_every_reason_is_documented_as_it_is_told():
    documented = re.findall(r"^\| `([a-z_]+)` \| (.+) \|$", LSP, flags=re.MULTILINE)
    assert documented == [(reason.value, reason.description) for reason in Reason]


@pytest.mark.parametrize("name", [*HANDLERS, *COMMANDS, types.CANCEL_REQUEST, types.EXIT])
def test_every_method_and_command_is_documented(name):
    assert f"`{name}`" in LSP


def test_every_counter_is_documented():
    status = LSP.partition("## `codenook/status`")[2]
    (example,) = re.findall(r"```json\n(.+?)```", status, flags=re.DOTALL)
    assert json.loads(example)["counters"] == attrs.asdict(Counters())
    for name in attrs.fields_dict(Counters):
        assert f"`{name}`" in status.partition("```json")[2].partition("```")[2]


@pytest.mark.parametrize(("title", "codes"), [("Reasons", Why), ("Tasks", Task)])
def test_the_page_about_context_knows_every_code(title, codes):
    section = CONTEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `([a-z_-]+)` \|", section, flags=re.MULTILINE) == [code.value for code in codes]


@pytest.mark.parametrize("why", Dropped)
def test_every_reason_for_what_is_left_out_is_documented(why):
    assert f"`{why}`" in CONTEXT
