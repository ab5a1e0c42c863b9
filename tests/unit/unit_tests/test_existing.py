"""The project's own tests in the sandbox: other test files that can't be run together are no kills."""

import pytest
from python_projects import environment, put, target_in

from codenook.server.sandbox.run import why_not
from codenook.server.unit_tests.existing import existing_tests
from codenook.server.unit_tests.parts import PARTS
from codenook.server.unit_tests.runs import Runs

UTIL = "from shop.slugs import slugify\n\n\ndef test_slugify():\n    assert slugify('A') == 'a'\n"
FILES = {
    "pytest.ini": "[pytest]\npythonpath = .\n",
    "shop/__init__.py": "",
    "shop/slugs.py": "def slugify(text):\n    return text.lower()\n",
    "tests/one/test_util.py": UTIL,
    "tests/two/test_util.py": UTIL,
    "tests/test_more.py": UTIL + "\n\ndef test_slugify_fails():\n    assert slugify('A') == 'A'\n",
}


async def test_two_files_of_one_name_are_not_run_together(tmp_path, monkeypatch):
    if why := await why_not():
        pytest.skip(why)
    monkeypatch.setattr("codenook.server.unit_tests.existing.SLOW_S", 600.0)
    put(tmp_path, FILES)
    environment(tmp_path)
    target = target_in(tmp_path, "shop/slugs.py", "slugify")
    runs = Runs(PARTS.project_of(target, {}, ""), target)
    assert len(runs.project.others) == 3
    existing = await existing_tests(runs)
    assert existing.paths == ("tests/one/test_util.py", "tests/test_more.py")
    assert runs.project.without == {"tests/test_more.py::test_slugify_fails"}
    assert not existing.is_whole
    clash, failure = existing.notes
    assert clash.startswith("tests/two/test_util.py is left out: import file mismatch")
    assert failure.startswith("tests that fail as it is don't count: tests/test_more.py::test_slugify_fails")
