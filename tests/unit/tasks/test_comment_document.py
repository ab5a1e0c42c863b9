"""A document commented as a whole: within bounds, and what was proven stays whatever ends it."""

import ast
import asyncio
import re
from pathlib import Path

import pytest
from scripted import ScriptedEngine

from codenook.models.engine.errors import EngineDied
from codenook.server.config import Settings
from codenook.server.documentation.edits import Edit
from codenook.server.reasons import Reason
from codenook.server.tasks import comment_document
from codenook.server.tasks.comment import Comment
from codenook.server.tasks.comment_document import DocumentComments
from codenook.server.tasks.document import Document
from codenook.server.tasks.jobs import unheard
from codenook.server.tasks.workspaces import Workspaces

SHELF = """\
class Shelf:
    def read_lines(self, path):
        print(path)

    def read_words(self, path):
        print(path)


def read_file(path):
    print(path)
"""
SYMBOLS = ["", "Shelf", "Shelf.read_lines", "Shelf.read_words", "read_file"]


def words(prompt):
    last = prompt.rstrip().rpartition("\n")[2].strip()
    return ["The file to print."] if last == "path:" else ["Read a file and print its path."]


def job(engine, text=SHELF):
    document = Document("file:///a/a.py", Path("/a/a.py"), text, "python", 1)
    return DocumentComments(Comment(engine, Settings(), Workspaces()), document, None)


def after(edits, text=SHELF):
    for edit in reversed(edits):
        text = edit.apply(text)
    return text


def code(text):
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:]
    return ast.dump(tree)


async def test_all_definitions_are_documented_in_edits_of_the_same_text():
    told, whole = [], job(ScriptedEngine(words))
    await whole.write(told.append)
    assert [result.symbol for result in whole.results] == SYMBOLS
    assert [(each.done, each.total, each.partial) for each in told] == [
        (number, 5, symbol) for number, symbol in enumerate(SYMBOLS)
    ]
    edits = await whole.proven()
    assert (len(edits), whole.left, whole.reason) == (5, [], None)
    assert code(after(edits)) == code(SHELF)
    assert after(edits).count('"""Read a file and print its path.') == 5


async def test_what_was_proven_stays_when_it_is_cancelled():
    held = asyncio.Event()

    class Slow(ScriptedEngine):
        async def generate(self, request, finished=None):
            opened = "".join(map(str, request.prompt)).rstrip().rpartition("def ")[2]
            if re.match(r'read_words.*\n *""', opened):
                held.set()
                await asyncio.Event().wait()
            return await super().generate(request, finished)

    whole = job(Slow(words))
    writing = asyncio.ensure_future(whole.write(unheard))
    await held.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert whole.left == SYMBOLS[3:]
    edits = await whole.proven()
    assert (len(edits), whole.reason) == (3, None)
    assert code(after(edits)) == code(SHELF)


async def test_a_request_is_about_so_many_definitions_and_the_rest_is_told(monkeypatch):
    monkeypatch.setattr(comment_document, "MOST_DEFINITIONS", 2)
    whole = job(ScriptedEngine(words))
    await whole.write(unheard)
    assert ([result.symbol for result in whole.results], whole.left) == (SYMBOLS[:2], SYMBOLS[2:])


async def test_a_model_that_fails_is_not_asked_again():
    class Dead(ScriptedEngine):
        async def generate(self, request, finished=None):
            self.requests.append(request)
            if len(self.requests) > 1:
                raise EngineDied("gone")
            return await super().generate(request, finished)

    whole = job(Dead(words))
    await whole.write(unheard)
    assert [result.reason for result in whole.results][-1] is Reason.ENGINE_DIED
    assert whole.left == SYMBOLS[1:]


async def test_nothing_to_document_has_its_reason():
    whole = job(ScriptedEngine(words), '"""All of it."""\n')
    await whole.write(unheard)
    assert (whole.reason, await whole.proven()) == (Reason.NOTHING_TO_DOCUMENT, [])


async def test_edits_that_change_code_together_are_not_put_in():
    whole = job(ScriptedEngine(words))
    await whole.write(unheard)
    first, second = (result.edit for result in whole.results[:2])
    bad = comment_document.CommentResult("x", edit=Edit(first.start, second.start + 1, ""))
    whole.results.append(bad)
    assert await whole.proven() == []
