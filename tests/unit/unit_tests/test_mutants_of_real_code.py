"""Mutants of code that wasn't written for a test: each parses, and differs in its definition alone."""

import ast
import sysconfig
from collections import Counter
from pathlib import Path

import pytest

from codenook.context.code import outline_of
from codenook.context.outline import Kind
from codenook.context.parse import encode, errors, language_named, language_of, parse
from codenook.server.unit_tests.mutants.diff import diff_of
from codenook.server.unit_tests.mutants.make import mutants_of
from codenook.server.unit_tests.target import Target

STDLIB = Path(sysconfig.get_path("stdlib"))
MODULES = ("bisect", "colorsys", "fnmatch", "heapq", "shlex", "textwrap")
NPM = Path("/usr/lib/node_modules/npm/node_modules")
CALLABLE = {Kind.FUNCTION, Kind.METHOD}
MOST = 12


def targets(path, text):
    language = language_of(path, encode(text))
    definitions = outline_of(path.name, encode(text)).definitions
    return [
        Target(path.parent, path.name, text, language.id, definition)
        for definition in definitions
        if definition.kind in CALLABLE and definition.end_line > definition.start_line
    ]


def check(target, mutants):
    """Each is a fault in the definition, which parses, and no two are the same."""
    language = language_named(target.language)
    before = parse(language, encode(target.text))
    n_errors = len(list(errors(before.root)))
    lines = target.text.split("\n")
    first, n_after = target.lines.start - 1, len(lines) - (target.lines.stop - 1)
    texts = [mutant.apply(target.text) for mutant in mutants]
    assert len({target.text, *texts}) == len(texts) + 1
    for mutant, text in zip(mutants, texts, strict=True):
        after = text.split("\n")
        assert after[:first] == lines[:first]
        assert after[len(after) - n_after :] == lines[len(lines) - n_after :]
        assert mutant.line in target.lines
        assert text.encode().count(b"\r\n") == text.count("\n") or "\r\n" not in target.text
        assert len(list(errors(parse(language, encode(text), before).root))) <= n_errors
        if target.language == "python":
            ast.parse(text.removeprefix("\ufeff"))
        shown = diff_of(target, mutant).split("\n")
        assert shown[0].startswith("@@ -")
        assert sum(line.startswith("@@") for line in shown) == 1
        assert any(line[0] in "+-" for line in shown[1:])


@pytest.mark.parametrize("module", MODULES)
def test_of_the_standard_library(module):
    path = STDLIB / f"{module}.py"
    found = targets(path, path.read_text())
    kinds = Counter()
    for target in found:
        mutants = mutants_of(target, most=MOST)
        check(target, mutants)
        kinds.update(mutant.kind for mutant in mutants)
    assert len(found) > 3
    assert len(kinds) > 5


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_ends_of_lines_marks_and_wide_characters_make_no_difference(newline, mark):
    path = STDLIB / "textwrap.py"
    text = path.read_text()
    plain = [len(mutants_of(target, most=MOST)) for target in targets(path, text)]
    odd = mark + ("# 😀 é\n" + text).replace("\n", newline)
    found = targets(path, odd)
    made = [mutants_of(target, most=MOST) for target in found]
    for target, mutants in zip(found, made, strict=True):
        check(target, mutants)
    assert [len(mutants) for mutants in made] == plain


def test_places_are_counted_in_characters(tmp_path):
    text = "x = '😀🛒é'\ndef f(a):\n    b = '😀' + a + '🛒'; return b < 1\n"
    (target,) = targets(tmp_path / "m.py", text)
    (mutant,) = [each for each in mutants_of(target, most=99) if each.text == "<="]
    assert mutant.apply(text) == text.replace("<", "<=")


@pytest.mark.skipif(not NPM.is_dir(), reason="npm's own packages aren't on this machine")
@pytest.mark.parametrize("package", ["semver", "ini"])
def test_of_npm(package):
    n_mutants = 0
    for path in sorted((NPM / package).rglob("*.js"))[:8]:
        for target in targets(path, path.read_text()):
            mutants = mutants_of(target, most=MOST)
            check(target, mutants)
            n_mutants += len(mutants)
    assert n_mutants > 50


OTHERS = {
    "m.ts": """
export class Cart<T extends { price: number }> {
  private readonly items: T[] = [];
  total(discount: number = 0.5, ...codes: string[]): number | undefined {
    for (const item of this.items) {
      if (item?.price > 10 && !codes.includes(`é${discount}`)) continue;
      try { this.check(item as T); } catch { return undefined; }
    }
    return this.items.reduce((sum, { price }) => sum + price, 0) * (1 - discount);
  }
}
""",
    "m.rs": """
impl Cart {
    /// Adds up.
    pub fn total(&self, from: usize) -> Option<u64> {
        let mut sum = 0;
        while sum < 10 { sum += 1; }
        for (i, item) in self.items[from..].iter().enumerate() {
            if i % 2 == 0 || item.name == "é😀" { continue; }
            sum += match item.price { 0 => return None, n if n > 5 => n - 1, n => n };
        }
        Some(sum)
    }
}
""",
    "m.go": """package cart

// Total adds up.
func (c *Cart) Total(from int) (sum int, err error) {
\tfor i, item := range c.items[from:] {
\t\tif i%2 == 0 || item.name == "é😀" {
\t\t\tcontinue
\t\t}
\t\tsum += item.price * 2
\t\tc.seen(item, i)
\t}
\tif sum < 0 && !c.open {
\t\treturn 0, errors.New("none")
\t}
\treturn sum, nil
}
""",
    "m.java": """
class Cart {
    /** Adds up. */
    @Override
    public int total(int from) throws Empty {
        int sum = 0;
        for (int i = from; i < items.size(); i++) {
            if (i % 2 == 0 || items.get(i).name().equals("é😀")) { continue; }
            sum += Math.max(items.get(i).price(), 1);
        }
        switch (sum) { case 0: throw new Empty("none"); default: break; }
        return sum;
    }
}
""",
    "m.c": """
/* Adds up. */
int total(const struct cart *cart, int from)
{
\tint sum = 0;
\tfor (int i = from; i < cart->size; i++) {
\t\tif (i % 2 == 0 || !strcmp(cart->items[i].name, "é😀")) continue;
\t\tsum += cart->items[i].price;
\t}
\treturn sum ? sum : -1;
}
""",
    "m.cpp": """
// Adds up.
template <typename T> int total(const std::vector<T>& items, int from = 0) {
    auto sum = 0;
    for (const auto& item : items) {
        if (from < 2 and item.name == "é😀") { continue; }
        sum += std::max(item.price, 1) * 2;
    }
    if (!sum) throw std::runtime_error("none");
    return sum;
}
""",
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("name", OTHERS)
def test_of_other_languages(tmp_path, name, newline):
    (target,) = targets(tmp_path / name, "\ufeff" + OTHERS[name].replace("\n", newline))
    mutants = mutants_of(target, most=99)
    check(target, mutants)
    assert len(mutants) >= 20
    assert len({mutant.kind for mutant in mutants}) >= 4
