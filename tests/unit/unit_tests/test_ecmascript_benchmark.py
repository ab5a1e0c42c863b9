"""The benchmark of what can be observed, on two small packages."""

from ecmascript_project import SLUG, workspace
from observed_ecmascript import drawn_from, measure


async def test_functions_are_drawn_from_each_package(tmp_path, capsys):
    files = {
        "a/package.json": '{"type": "module"}',
        "a/slug.js": SLUG,
        "a/slug.test.js": SLUG,
        "b/package.json": "{}",
        "b/chance.js": "exports.chance = (x) => Math.random() + x;\nfunction hidden() {}\n",
    }
    targets = drawn_from(workspace(tmp_path, files), each=2, seed=1)
    assert len(targets) == 2
    assert await measure(targets) == 1
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[1:] for line in printed] == [["a/slug.js", "slugify"], ["b/chance.js", "chance"]]
