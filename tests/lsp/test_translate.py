"""Translations in an editor: the real job in the real sandbox, and a model that says what it is told to."""

import asyncio
import json
import shutil

import pytest
import pytest_asyncio
from desk import SAFETY_NET_S, Desk, announced, applied
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from scripted_engine import scripted_engine

TRANSLATE = "codenook.translate"
SOURCE = '''\
"""Numbers of a shop."""


def half(value: int) -> int:
    """Cut a value in two.

    >>> half(8)
    4
    """
    return value // 2


def wrong(value: int) -> int:
    """Go on to the next."""
    return value + 1


def named(thing):
    """What it is called."""
    return thing.name


def waits(value: int) -> int:
    """Never answered."""
    return value


class Price:
    """An amount."""

    def __init__(self, amount: int) -> None:
        self.amount = amount
'''
HALF, PRICE, BETWEEN = 3, 28, 11
"""Lines in these definitions, and in none, from 0."""
CANCELLED = -32800


def body(text):
    return json.dumps({"body": text, "imports": []})


SAYS = {
    "This is half in Python, to be translated to JavaScript": [
        body("return value / 2;"),
        body("return Math.floor(value / 2);"),
    ],
    "original gives": body("return Math.floor(value / 2);"),
    "This is named in Python": body("return thing.name;"),
    "This is wrong in Python": body("return value + 2;"),
}
needs_node = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")


class TranslationDesk(Desk):
    """One that is asked for a language, and answers what ``chosen`` says."""

    def __init__(self, editor):
        super().__init__(editor)
        self.asked, self.chosen = [], None
        self.client.protocol.fm.features.pop(types.WINDOW_SHOW_MESSAGE_REQUEST, None)

        def answer(params):
            self.asked.append(params)
            return next((each for each in params.actions if each.title == self.chosen), None)

        self.client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)(answer)

    def begin(self, name, text=SOURCE):
        self.asked.clear()
        self.chosen = None
        return super().begin(name, text)

    async def translated(self, name, **argument):
        return await self.run(self.command(TRANSLATE, name, **argument))

    async def targets(self, name):
        params = types.DocumentSymbolParams(types.TextDocumentIdentifier(self.editor.uri(name)))
        return await self.client.protocol.send_request_async("codenook/translationTargets", params)


@pytest.fixture(scope="session")
def chat_model(environment, tmp_path_factory):
    model = tmp_path_factory.mktemp("models") / "chat.gguf"
    with scripted_engine(environment["CODENOOK_RUNTIME_DIR"], model, SAYS):
        yield str(model)


@pytest_asyncio.fixture(scope="module")
async def desk(start_shared_editor, chat_model):
    options = {"translation_time_s": 600, "machine": {"chat_model": chat_model}}
    return TranslationDesk(await start_shared_editor(options=options, **announced()))


@pytest_asyncio.fixture(scope="module")
async def bundled(start_shared_editor):
    """An editor with the bundled model, which has told of itself."""
    desk = TranslationDesk(await start_shared_editor(**announced()))
    desk.begin("bundled/first.py")
    await desk.translated("bundled/first.py", symbol="half", to="rust")
    return desk


@needs_node
async def test_an_action_asks_for_the_language_and_makes_a_file_of_what_was_proved(desk):
    name = desk.begin("shop/amounts.py")
    (action,) = await desk.actions(name, HALF, TRANSLATE)
    assert (action.title, action.kind, action.edit) == (
        "Translate half to another language…",
        TRANSLATE,
        None,
    )
    desk.chosen = "JavaScript"
    answer = await desk.run(action.command)
    assert (answer.applied, answer.reason, answer.is_preview) == (True, None, False), answer.message
    (asked,) = desk.asked
    titles = [each.title for each in asked.actions]
    assert titles == ["JavaScript", "TypeScript", "Go", "Rust", "Java", "C", "C++"]
    ((created, written),) = [edit.document_changes for edit in desk.edits]
    assert created.uri == written.text_document.uri == answer.uri == desk.shown[0].uri
    assert (created.options.overwrite, created.options.ignore_if_exists) == (False, False)
    place = desk.editor.workspace / "shop" / "amounts.js"
    assert place.as_uri() == answer.uri
    assert not place.exists()  # the editor writes it, nobody else
    assert applied("", written.edits) == answer.text
    assert "Math.floor(value / 2)" in answer.text
    (half,) = answer.functions
    assert (half["level"], half["repairs"]) == ("agrees", 1)
    assert answer.report.startswith("# Translation of `half` to JavaScript\n\n1 of 1 function proved.")
    assert any(message.startswith("codenook: amounts.js: JavaScript, 1 of 1") for message in desk.messages)
    check_progress(desk)


def check_progress(desk):
    """What is being done was shown, ever further, and that it is over."""
    ((begin, *reports, end),) = [
        told for told in desk.client.progress_reports.values() if "translating" in told[0].title
    ]
    assert (begin.title, begin.cancellable) == ("codenook: translating", True)
    assert any("half" in each.message for each in reports)
    assert isinstance(end, types.WorkDoneProgressEnd)


@needs_node
async def test_no_file_is_overwritten(desk):
    name = desk.begin("there/amounts.py")
    (desk.editor.workspace / "there" / "amounts.js").write_text("// mine\n", encoding="utf-8")
    desk.editor.open("there/amounts_2.js", "// not saved yet\n", "javascript")
    answer = await desk.translated(name, position=types.Position(HALF, 4), to="javascript")
    assert answer.uri == desk.editor.uri("there/amounts_3.js"), answer.message
    assert (desk.editor.workspace / "there" / "amounts.js").read_text(encoding="utf-8") == "// mine\n"


@needs_node
async def test_what_does_something_else_is_not_shown_but_the_inputs_are(desk):
    name = desk.begin("wrong/amounts.py")
    answer = await desk.translated(name, symbol="wrong", to="javascript")
    assert (answer.applied, answer.reason, answer.text) == (False, "differs", None)
    assert "It does something else:\n\n```\ninput" in answer.report
    assert any("no translation (differs): " in message for message in desk.messages)
    assert (desk.edits, desk.shown) == ([], [])


@needs_node
async def test_a_preview_is_in_the_answer_and_in_no_file(desk):
    name = desk.begin("preview/amounts.py")
    answer = await desk.translated(name, symbol="named", to="javascript")
    assert (answer.applied, answer.reason, answer.is_preview) == (False, "not_proved", True)
    assert answer.text.startswith("// A preview: ")
    assert "**A preview** (`not_proved`)" in answer.report
    assert any("a preview of a translation (not_proved)" in message for message in desk.messages)
    assert desk.edits == []


async def test_all_of_a_file_is_offered_on_request(desk):
    name = desk.begin("whole/amounts.py")
    offered = await desk.actions(name, BETWEEN, "source")
    (action,) = [each for each in offered if each.kind == "source.codenook.translate"]
    assert action.title == "Translate this file to another language…"
    assert action.command.arguments[0]["symbol"] == ""
    desk.editor.open("whole/empty.py", "PRICE = 3\n")
    offered = await desk.actions("whole/empty.py", 0, "source")
    assert [each for each in offered if each.kind == "source.codenook.translate"] == []


async def test_a_class_is_offered_and_places_in_no_definition_are_not(desk):
    name = desk.begin("offers/amounts.py")
    (action,) = await desk.actions(name, PRICE, TRANSLATE)
    assert action.title == "Translate Price to another language…"
    assert not await desk.actions(name, BETWEEN, TRANSLATE)
    answer = await desk.translated(name, position=types.Position(BETWEEN, 0), to="rust")
    assert (answer.reason, answer.text) == ("no_definition", None)
    desk.editor.open("offers/notes.txt", SOURCE, "plaintext")
    assert not await desk.actions("offers/notes.txt", HALF, TRANSLATE)


async def test_a_user_who_chooses_no_language_hears_nothing(desk):
    name = desk.begin("unchosen/amounts.py")
    answer = await desk.translated(name, symbol="half")
    assert (answer.applied, answer.reason) == (False, "cancelled")
    assert (len(desk.asked), desk.messages) == (1, [])


async def test_languages_are_told_for_an_editor_s_own_list(desk):
    name = desk.begin("targets/amounts.py")
    known = await desk.targets(name)
    assert [(each.language, each.title, each.why_not) for each in known.targets[-2:]] == [
        ("c", "C", ""),
        ("cpp", "C++", ""),
    ]
    assert (len(known.targets), known.reason) == (7, None)
    assert (await desk.targets("targets/closed.py")).reason == "document_not_open"


@pytest.mark.parametrize(("to", "reason"), [("python", "not_translatable"), ("cobol", "not_translatable")])
async def test_a_language_that_is_none_is_refused(desk, to, reason):
    name = desk.begin(f"refused/{to}.py")
    answer = await desk.translated(name, symbol="half", to=to)
    assert (answer.applied, answer.reason) == (False, reason)


async def test_the_cancel_button_stops_the_model(desk):
    name = desk.begin("stopped/amounts.py")
    running = asyncio.ensure_future(desk.translated(name, symbol="waits", to="javascript"))
    token = await desk.progress("asking the model")
    desk.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    answer = await running
    assert (answer.applied, answer.reason) == (False, "cancelled")
    await desk.at_rest()
    assert (desk.edits, desk.messages) == ([], [])


async def test_a_withdrawn_request_is_answered_so(desk):
    name = desk.begin("withdrawn/amounts.py")
    command = desk.command(TRANSLATE, name, symbol="waits", to="javascript")
    params = types.ExecuteCommandParams(command.command, command.arguments)
    answer = desk.client.protocol.send_request(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id="withdrawn")
    await desk.progress("asking the model")
    desk.client.protocol.notify(types.CANCEL_REQUEST, types.CancelParams("withdrawn"))
    with pytest.raises(JsonRpcException) as error:
        await asyncio.wait_for(asyncio.wrap_future(answer), SAFETY_NET_S)
    assert error.value.code == CANCELLED
    assert desk.edits == []


async def test_a_changed_document_ends_it(desk):
    name = desk.begin("changed/amounts.py")
    running = asyncio.ensure_future(desk.translated(name, symbol="waits", to="javascript"))
    await desk.progress("asking the model")
    desk.editor.insert(name, 0, 0, "#\n")
    answer = await running
    assert (answer.applied, answer.reason) == (False, "document_changed")
    assert desk.edits == []


async def test_a_document_in_no_file_has_no_place_beside_it(desk):
    desk.begin("unsaved/other.py")
    desk.client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem("untitled:Untitled-1", "python", 1, SOURCE))
    )
    command = desk.command(TRANSLATE, "unsaved/other.py", symbol="half", to="javascript")
    command.arguments[0]["uri"] = "untitled:Untitled-1"
    answer = await desk.run(command)
    assert (answer.reason, answer.message) == (
        "not_translatable",
        "The document is in no file, beside which a translation could be.",
    )


async def test_the_bundled_model_is_refused_at_once_with_what_it_knows(bundled):
    name = bundled.begin("bundled/amounts.py")
    answer = await bundled.translated(name, symbol="half", to="rust")
    assert (answer.applied, answer.reason, answer.text) == (False, "language_not_in_model", None)
    assert "was trained on python only, not on rust" in answer.message
    assert any("no translation (language_not_in_model): " in message for message in bundled.messages)
    assert (await bundled.translated(name, symbol="half")).reason == "language_not_in_model"
    assert bundled.asked == []


async def test_what_the_bundled_model_can_t_do_is_shown_as_disabled(bundled):
    name = bundled.begin("bundled/disabled.py")
    (action,) = await bundled.actions(name, HALF, TRANSLATE)
    assert (action.title, action.command) == ("Translate half to another language", None)
    assert "was trained on python only" in action.disabled.reason
    assert all(each.why_not for each in (await bundled.targets(name)).targets)


async def test_editors_with_less_are_offered_less(start_editor):
    desk = TranslationDesk(await start_editor(**announced(takes_edits=False)))
    assert not await desk.actions(desk.begin("amounts.py"), HALF, TRANSLATE)
