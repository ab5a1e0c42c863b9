"""``editors/neovim`` in a real Neovim, with the real server, engine and bundled model."""

from pathlib import Path

import pytest
from repositories import Built

BEFORE = "        due="
"""A line of the example package; the rest of it is what the model is asked for."""

SHOWN = """(function()
  local namespace = vim.api.nvim_get_namespaces()['nvim.lsp.inline_completion']
  local marks = namespace and vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true }) or {}
  local lines = {}
  for _, mark in ipairs(marks) do
    for _, line in ipairs({ mark[4].virt_text, unpack(mark[4].virt_lines or {}) }) do
      local hints = vim.iter(line):filter(function(chunk) return chunk[2] == 'ComplHint' end)
      table.insert(lines, hints:map(function(chunk) return chunk[1] end):join(''))
    end
  end
  return table.concat(lines, '\\n')
end)()"""
"""What the ghost text reads, without the count that Neovim puts behind it."""

TEXT = "table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\\n')"
COUNTERS = """(function()
  local client = vim.lsp.get_clients({ name = 'codenook' })[1]
  return client:request_sync('codenook/status', vim.empty_dict()).result.counters
end)()"""
EXPLAINED = """(function()
  local client = vim.lsp.get_clients({ name = 'codenook' })[1]
  local document = { textDocument = { uri = vim.uri_from_bufnr(0) } }
  return client:request_sync('codenook/explain', document).result
end)()"""
ATTACHED = "#vim.lsp.get_clients({ name = 'codenook', bufnr = 0 })"


@pytest.fixture
def storage(project: Path) -> Path:
    """Return a module of the example package that stops in the middle of a line."""
    path = project / "lending" / "storage.py"
    before, found, after = path.read_text(encoding="utf-8").partition(BEFORE)
    path.write_text(before + found + after[after.index("\n") :], encoding="utf-8")
    return path


def open_and_insert(neovim, path: Path) -> None:
    """Open the file and go on at the end of the unfinished line."""
    neovim.keys(f":edit {path}<CR>")
    neovim.until(ATTACHED, lambda count: count == 1)
    neovim.keys(f":call search('{BEFORE}$')<CR>A")


def test_candidates_show_cycle_and_are_accepted_exactly(start_neovim, storage):
    neovim = start_neovim()
    open_and_insert(neovim, storage)
    first = neovim.until(SHOWN, bool)

    neovim.keys("<M-]>")
    second = neovim.until(SHOWN, lambda shown: shown and shown != first)
    neovim.keys("<M-[>")
    neovim.until(SHOWN, lambda shown: shown == first)
    neovim.keys("<M-]>")
    neovim.until(SHOWN, lambda shown: shown == second)

    before = neovim.lua(TEXT)
    cursor = before.index(BEFORE) + len(BEFORE)
    neovim.keys("<Tab>")
    assert neovim.until(TEXT, lambda text: text != before) == before[:cursor] + second + before[cursor:]
    neovim.until(COUNTERS, lambda counters: counters["accepted"] == 1)

    at = neovim.lua("vim.fn.line2byte('.') + vim.fn.col('.') - 2")
    assert at == len((before[:cursor] + second).encode())


def test_typing_along_keeps_the_rest_of_the_candidate(start_neovim, storage):
    neovim = start_neovim()
    open_and_insert(neovim, storage)
    neovim.until(SHOWN, bool)
    candidates = [candidate["text"] for candidate in neovim.lua(EXPLAINED)["candidates"]]
    typed = max(candidates, key=len)[0]
    neovim.keys("<lt>" if typed == "<" else typed)
    neovim.until(COUNTERS, lambda counters: counters["answered_from_typing"] >= 1)
    assert neovim.until(SHOWN, bool) in [text[1:] for text in candidates if text[0] == typed]


def test_a_place_where_the_cursor_rests_is_looked_at(start_neovim, storage):
    neovim = start_neovim()
    neovim.keys(f":edit {storage}<CR>")
    neovim.until(ATTACHED, lambda count: count == 1)
    neovim.until(COUNTERS, lambda counters: counters["places_looked_at"] == 1)
    neovim.keys(f":call search('{BEFORE}$')<CR>")
    neovim.until(COUNTERS, lambda counters: counters["places_looked_at"] == 2)


def test_candidates_come_on_demand(start_neovim, storage):
    neovim = start_neovim("vim.o.eventignore = 'InsertEnter,CursorMovedI,TextChangedP'")
    open_and_insert(neovim, storage)
    neovim.keys("<M-\\>")
    neovim.until(SHOWN, bool)


def test_an_empty_answer_says_why(start_neovim, storage):
    neovim = start_neovim("vim.lsp.config('codenook', { settings = { codenook = { enabled = false } } })")
    open_and_insert(neovim, storage)
    neovim.until(COUNTERS, lambda counters: counters["empty"] >= 1)
    said = neovim.says("CodenookWhy")
    assert said == "codenook is switched off in the settings. (disabled)"
    assert neovim.lua(SHOWN) == ""


def test_tab_without_a_candidate_is_a_tab(start_neovim, storage):
    neovim = start_neovim("vim.lsp.config('codenook', { settings = { codenook = { enabled = false } } })")
    open_and_insert(neovim, storage)
    neovim.keys("<Tab>x")
    text = neovim.until(TEXT, lambda text: text.count(BEFORE + " ") == 1)
    assert BEFORE + "    x\n" in text


def test_status_names_the_engine(start_neovim, storage):
    neovim = start_neovim()
    open_and_insert(neovim, storage)
    neovim.until(SHOWN, bool)
    neovim.keys("<Esc>:CodenookStatus<CR>")
    said = neovim.until("vim.fn.execute('messages')", lambda messages: messages and "engine" in messages)
    assert "engine running, process " in said
    assert "accepted 0, " in said


def test_the_server_runs_isolated_with_the_python_beside_its_command(start_neovim, tmp_path):
    installed = tmp_path / "environment"
    installed.mkdir()
    for name in ("codenook", "python"):
        (installed / name).touch(mode=0o755)
    on_path = tmp_path / "bin"
    on_path.mkdir()
    (on_path / "codenook").symlink_to(installed / "codenook")
    neovim = start_neovim()
    command = f"""(function()
      vim.g.codenook_python, vim.env.PATH = nil, '{on_path}'
      return require('codenook').command()
    end)()"""
    assert neovim.lua(command) == [str(installed / "python"), "-P", "-E", "-m", "codenook", "serve"]


def test_without_a_python_beside_it_the_command_itself_is_the_server(start_neovim, tmp_path):
    neovim = start_neovim()
    command = f"""(function()
      vim.g.codenook_python, vim.env.PATH = nil, '{tmp_path}'
      return require('codenook').command()
    end)()"""
    assert neovim.lua(command) == ["codenook", "serve"]


DOCUMENT = (
    "vim.lsp.buf.code_action({ apply = true, context = { only = { 'refactor.rewrite' }, diagnostics = {} } })"
)
SAID = "vim.fn.execute('messages')"


def test_a_function_is_documented_and_one_undo_takes_it_back(start_neovim, functions):
    path, lines = functions
    neovim = start_neovim()
    neovim.keys(f":edit {path}<CR>")
    neovim.until(ATTACHED, lambda count: count == 1)
    before = neovim.lua(TEXT)
    for n_refused, (name, line) in enumerate(lines.items()):
        neovim.keys(f":{line}<CR>")
        neovim.keys(f":lua {DOCUMENT}<CR>")
        after, _ = neovim.until(
            f"{{ {TEXT}, {SAID} }}",
            lambda seen, n=n_refused: seen[0] != before or seen[1].count("no comment (") > n,
        )
        if after != before:
            assert f'def {name}(path, encoding):\n    """' in after
            break
    assert "path:" in after
    assert "encoding:" in after
    neovim.keys("u")
    assert neovim.until(TEXT, lambda text: text != after) == before


FOUND = """vim.iter(vim.diagnostic.get(0)):filter(function(found)
  return found.source == 'codenook review'
end):map(function(found)
  return { found.code, found.lnum + 1 }
end):totable()"""
LISTED = """vim.iter(vim.fn.getqflist()):map(function(item)
  return { vim.fn.bufname(item.bufnr), item.lnum }
end):totable()"""
OF_CLI = """vim.fn.bufexists('cli.py') == 1
  and table.concat(vim.api.nvim_buf_get_lines(vim.fn.bufnr('cli.py'), 0, -1, false), '\\n') or ''"""


def choose(neovim, title: str) -> None:
    """Run the code action here whose title has a word in it."""
    neovim.keys(
        ":lua vim.lsp.buf.code_action({ apply = true, filter = function(action)"
        f" return action.title:find('{title}') end }})<CR>"
    )


def test_a_review_is_listed_mended_and_dismissed_for_good(start_neovim, reviewed: Built):
    neovim = start_neovim()
    neovim.keys(f":edit {reviewed.top}/shapes.py<CR>")
    neovim.until(ATTACHED, lambda count: count == 1)
    neovim.keys(f":cd {reviewed.top}<CR>:CodenookReview<CR>")
    both = [["unknown-argument", 1], ["missing-argument", 5]]
    neovim.until(FOUND, lambda found: found == both)
    neovim.until(LISTED, lambda listed: listed == [["shapes.py", 1], ["shapes.py", 5]])
    neovim.keys(":cclose<CR>ggO# one<Esc>")
    neovim.until(FOUND, lambda found: found == [[rule, line + 1] for rule, line in both])

    neovim.keys(":2<CR>")
    choose(neovim, "Write depth")
    neovim.until(OF_CLI, lambda text: "area(1, depth=2)" in (text or ""))
    neovim.until(FOUND, lambda found: found == [["missing-argument", 6]])

    neovim.keys(":6<CR>:call search('unit')<CR>")
    choose(neovim, "Dismiss")
    neovim.until(FOUND, lambda found: not found)
    dismissed = reviewed.top / ".codenook" / "dismissed.toml"
    assert 'rule = "missing-argument"' in dismissed.read_text(encoding="utf-8")

    neovim.keys("ggO# two<Esc>:CodenookReview<CR>")
    neovim.until(SAID, lambda said: "nothing found in" in said and "1 dismissed" in said)
    assert not neovim.lua(FOUND)


def test_lines_and_a_file_are_reviewed(start_neovim, reviewed: Built):
    neovim = start_neovim()
    neovim.keys(f":edit {reviewed.top}/shapes.py<CR>")
    neovim.until(ATTACHED, lambda count: count == 1)
    neovim.keys(":CodenookReview!<CR>")
    neovim.until(FOUND, lambda found: len(found) == 2)
    neovim.keys(":wincmd p<CR>:5,6CodenookReview<CR>")
    neovim.until(SAID, lambda said: "nothing found in 2 changed lines of 1 file (selected lines)" in said)


PATIENT = "vim.lsp.config('codenook', { settings = { codenook = { unit_tests_time_s = 300 } } })"
PROGRESS = """
_G.told = {}
vim.api.nvim_create_autocmd('LspProgress', { callback = function(event)
  table.insert(_G.told, event.data.params.value.message or event.data.params.value.kind)
end })
"""
WINDOWS = """vim.iter(vim.api.nvim_tabpage_list_wins(0)):map(function(window)
  local buffer = vim.api.nvim_win_get_buf(window)
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, -1, true)
  return { vim.api.nvim_buf_get_name(buffer), table.concat(lines, '\\n') }
end):totable()"""


def unit_tests_shown(neovim, shop, symbol):
    """The tests' text and their report, once both are shown; the cursor is in the tests."""
    names = [str(shop.tests), f"codenook://report/{symbol}"]
    shown = neovim.until(WINDOWS, lambda windows: [name for name, _ in windows] == names)
    assert neovim.lua("vim.api.nvim_buf_get_name(0)") == str(shop.tests)
    return [text for _, text in shown]


def test_unit_tests_open_with_their_report(start_neovim, shop):
    neovim = start_neovim(f"{PATIENT}\n{PROGRESS}")
    neovim.keys(f":edit {shop.module}<CR>")
    neovim.until(ATTACHED, lambda count: count == 1)
    neovim.keys(":3<CR>")
    choose(neovim, "Write unit tests for half")
    neovim.until("_G.told", lambda told: any("faults" in message for message in told))
    tests, report = unit_tests_shown(neovim, shop, "half")
    assert "half(" in tests
    assert report.startswith("# Unit tests for `half`")
    assert "mutants" in report.lower()
    neovim.keys(":write<CR>")
    neovim.until("vim.bo.modified", lambda is_modified: is_modified is False)
    assert shop.tests.read_text(encoding="utf-8").strip() == tests.strip()
    assert " passed" in (said := shop.run())
    assert "failed" not in said

    neovim.keys(f":only<CR>:edit {shop.module}<CR>:8<CR>:CodenookUnitTests<CR>")
    more, _ = unit_tests_shown(neovim, shop, "next_to")
    assert more.startswith(tests.partition("def ")[0].split("\n", maxsplit=1)[0])
    assert "half(" in more
    assert "next_to(" in more


def test_a_file_that_is_to_be_made_is_not_emptied(start_neovim, shop):
    neovim = start_neovim()
    shop.tests.write_text("# mine\n", encoding="utf-8")
    edit = f"{{ documentChanges = {{ {{ kind = 'create', uri = '{shop.tests.as_uri()}' }} }} }}"
    answer = neovim.lua(f"require('codenook.job').apply_edit(nil, {{ edit = {edit} }}, {{}})")
    assert answer == {"applied": False, "failureReason": f"{shop.tests} exists"}
    assert shop.tests.read_text(encoding="utf-8") == "# mine\n"


def test_unit_tests_are_stopped(start_neovim, shop):
    shop.module.write_text(
        "import time\n\n\ndef slow(value: int) -> int:\n    time.sleep(1)\n    return value\n"
    )
    neovim = start_neovim(PROGRESS)
    neovim.keys(f":edit {shop.module}<CR>")
    neovim.until(ATTACHED, lambda count: count == 1)
    neovim.keys(":5<CR>:CodenookUnitTests<CR>")
    neovim.until("_G.told", lambda told: any("by rule" in message for message in told))
    neovim.keys(":CodenookUnitTestsStop<CR>")
    neovim.until("_G.told", lambda told: told[-1] == "end")
    assert not shop.tests.exists()
    assert len(neovim.lua(WINDOWS)) == 1


def translator_set(model):
    machine = f"{{ chat_model = '{model}' }}"
    settings = "{ codenook = { translation_time_s = 600 } }"
    return (
        f"vim.lsp.config('codenook', {{ init_options = {{ machine = {machine} }}, settings = {settings} }})"
    )


def test_a_translation_opens_with_its_report(start_neovim, amounts, translator):
    neovim = start_neovim(f"{translator_set(translator)}\n{PROGRESS}")
    neovim.keys(f":edit {amounts}<CR>")
    neovim.until(ATTACHED, lambda count: count == 1)
    known = "vim.fn.getcompletion('CodenookTranslate ', 'cmdline')"
    assert neovim.until(known, bool) == ["javascript", "typescript", "go", "rust", "java", "c", "cpp"]
    neovim.keys(":3<CR>:CodenookTranslate javascript<CR>")
    neovim.until("_G.told", lambda told: any("half" in message for message in told))
    place = amounts.with_suffix(".js")
    names = [str(place), "codenook://report/half"]
    shown = neovim.until(WINDOWS, lambda windows: [name for name, _ in windows] == names)
    assert neovim.lua("vim.api.nvim_buf_get_name(0)") == str(place)
    translation, report = (text for _, text in shown)
    assert "return Math.floor(value / 2);" in translation
    assert report.startswith("# Translation of `half` to JavaScript")
    neovim.keys(":write<CR>")
    neovim.until("vim.bo.modified", lambda is_modified: is_modified is False)
    assert place.read_text(encoding="utf-8").strip() == translation.strip()


def test_a_translation_by_a_model_that_knows_no_other_language_is_refused(start_neovim, amounts):
    neovim = start_neovim()
    neovim.keys(f":edit {amounts}<CR>")
    neovim.until(ATTACHED, lambda count: count == 1)
    neovim.keys(":3<CR>:CodenookTranslate rust<CR>")
    said = neovim.until(SAID, lambda said: "no translation (language_not_in_model)" in said)
    assert "was trained on python only, not on rust" in said
    assert len(neovim.lua(WINDOWS)) == 1


def test_a_translation_is_stopped(start_neovim, amounts, translator):
    neovim = start_neovim(f"{translator_set(translator)}\n{PROGRESS}")
    neovim.keys(f":edit {amounts}<CR>")
    neovim.until(ATTACHED, lambda count: count == 1)
    neovim.keys(":8<CR>:CodenookTranslate javascript<CR>")
    neovim.until("_G.told", lambda told: any("asking the model" in message for message in told))
    neovim.keys(":CodenookTranslateStop<CR>")
    neovim.until("_G.told", lambda told: told[-1] == "end")
    assert len(neovim.lua(WINDOWS)) == 1
