"""What is written compiles: all shapes in one file for each language, with its real compiler."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from written_shapes import SHAPES, TARGETS

from codenook.server.translation.languages.language import Around, Unwritable
from codenook.server.translation.languages.writings import WRITERS
from codenook.server.translation.signature import Parameter, Signature

RUSTC = shutil.which("rustc") or str(Path.home() / ".cargo/bin/rustc")
COMPILERS = {
    "python": ("a.py", [sys.executable, "-W", "error", "-P", "a.py"]),
    "javascript": ("a.mjs", ["node", "a.mjs"]),
    "java": ("Translated.java", ["javac", "-proc:none", "-d", "out", "Translated.java"]),
    "rust": ("a.rs", [RUSTC, "--edition", "2021", "--crate-type", "lib", "--emit", "metadata", "a.rs"]),
    "c": ("a.c", ["gcc", "-std=c11", "-fsyntax-only", "-Wall", "-Werror", "-Wno-unused-function", "a.c"]),
    "cpp": (
        "a.cpp",
        ["g++", "-std=c++17", "-fsyntax-only", "-Wall", "-Werror", "-Wno-unused-function", "a.cpp"],
    ),
}
REFUSED = {
    "c": {
        *("lists of lists or of optional values", "lists of characters or of unknown things"),
        *("maps", "sets", "tuples"),
    },
    "go": {"slices, maps or pointers as keys"},
}


def functions():
    """A function that takes and gives each shape; others with what signatures have besides."""
    for number, shape in enumerate(SHAPES):
        doc = f"Gives *it* back: \\u {number}.\n\nArgs:\n    it: What `f{number}` gives.\n\n>>> 1\n1"
        yield Signature(f"give_{number}", (Parameter("it", shape), Parameter("class", shape)), shape, doc=doc)
        yield Signature(
            f"_fail_{number}", (Parameter("it", shape),), shape, is_public=False, raises=("ValueError",)
        )
        yield Signature(
            f"rest{number}", (Parameter("n", SHAPES[1], default="3"), Parameter("it", shape, is_rest=True))
        )
        yield Signature(
            f"name_{number}",
            (Parameter("n", SHAPES[1]), Parameter("it", shape, default="None", is_named=True)),
            is_async=True,
            raises=("OSError",),
        )


def written(target):
    found, refused = [], []
    for signature in functions():
        changed = frozenset({"it"} if not signature.is_public or signature.is_async else ())
        try:
            found.append(WRITERS[target].function(signature, "python", Around(changed=changed)))
        except Unwritable as reason:
            refused.append(str(reason))
    return found, refused


@pytest.mark.parametrize("target", COMPILERS)
def test_every_shape_compiles(target, tmp_path):
    name, command = COMPILERS[target]
    if shutil.which(command[0]) is None:
        pytest.skip(f"there is no {command[0]}")
    writer, (found, refused) = WRITERS[target], written(target)
    bodies = [each.with_body(each.indent + writer.unwritten(each.signature.name)) for each in found]
    text = writer.file([row for each in found for row in each.imports], bodies)
    (tmp_path / name).write_text(text, encoding="utf-8")
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, f"{ran.stderr[:3000]}"
    assert len(found) + len(refused) == 4 * len(SHAPES)


@pytest.mark.parametrize("target", TARGETS)
def test_what_a_language_has_no_form_for_is_refused_with_a_reason(target):
    _, refused = written(target)
    assert {*refused} == {f"{target} has no {what}" for what in REFUSED.get(target, ())}
