"""Runs expressions in the sandbox, each for itself, and tells what ``{:?}`` writes of them."""

import re
import secrets
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.sandbox import run as sandbox
from codenook.server.sandbox.command import Ended, NoSandbox, Outcome, SandboxFailed
from codenook.server.unit_tests.frameworks.cargo import Cargo
from codenook.server.unit_tests.frameworks.framework import NoProject, Project
from codenook.server.unit_tests.kits.rust.written import unescaped
from codenook.server.unit_tests.run import LIMITS

_NAME = "codenook_observed"
_MOST_ROUNDS = 4
_HEAD = """#![allow(warnings)]
{imports}
fn told(index: usize, call: impl FnOnce() -> String) {{
    let said = match std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)) {{
        Ok(text) => format!("value {{:?}}", text),
        Err(error) => {{
            let text = error.downcast_ref::<&str>().map(|text| text.to_string());
            let text = text.or_else(|| error.downcast_ref::<String>().cloned());
            format!("panic {{:?}}", text.unwrap_or_default())
        }}
    }};
    println!("\\n{word} {{}} {{}}", index, said);
}}
#[test]
fn observed() {{
    std::panic::set_hook(Box::new(|_| {{}}));
"""
_ERROR = re.compile(rf"^error[^\n]*\n\s*--> \S*{_NAME}\.rs:(\d+):", re.MULTILINE)


@frozen
class Answer:
    """What came of an expression: what was written of its value, or the message of its panic."""

    shown: str = ""
    panic: str | None = None
    problem: str = ""


async def answers(
    project: Project,
    framework: Cargo,
    files: Mapping[str, bytes | None],
    imports: Sequence[str],
    expressions: Sequence[str],
) -> list[Answer]:
    """What comes of each expression; what isn't compiled, or doesn't end, has a problem.

    Raises NoProject without a sandbox.
    """
    found: dict[int, Answer] = {}
    for _ in range(_MOST_ROUNDS):
        left = [index for index in range(len(expressions)) if index not in found]
        if not left:
            break
        found |= await _round(project, framework, files, imports, {n: expressions[n] for n in left})
    return [found.get(index, Answer(problem="it wasn't reached")) for index in range(len(expressions))]


async def _round(
    project: Project,
    framework: Cargo,
    files: Mapping[str, bytes | None],
    imports: Sequence[str],
    expressions: Mapping[int, str],
) -> dict[int, Answer]:
    word = secrets.token_hex(8)
    head = _HEAD.format(imports="\n".join(imports), word=word)
    lines = [f"    told({index}, || {{ {_in_one_line(text)} }});" for index, text in expressions.items()]
    first = head.count("\n") + 1
    name = PurePosixPath(framework.workspace) / framework.package / "tests" / f"{_NAME}.rs"
    source = head + "\n".join(lines) + "\n}\n"
    arguments = ("test", "--test", _NAME, "--", "--nocapture", "--test-threads=1")
    command = framework.cargo(project, arguments, {**files, name.as_posix(): source.encode()})
    try:
        outcome = await sandbox.run(command, LIMITS)
    except NoSandbox as error:
        raise NoProject(Reason.NO_SANDBOX, str(error)) from None
    except SandboxFailed as error:
        return dict.fromkeys(expressions, Answer(problem=str(error)))
    found = _told(outcome, word)
    order = list(expressions)
    refused = {int(line) - first for line in _ERROR.findall(outcome.stderr.decode("utf-8", "replace"))}
    for place in refused:
        if 0 <= place < len(order):
            found[order[place]] = Answer(problem="it isn't compiled: the types don't fit")
    unknown = [index for index in order if index not in found]
    if unknown and found and not refused:
        why = "it takes too long" if outcome.ended is not Ended.BY_ITSELF else "it ends the process"
        found[unknown[0]] = Answer(problem=why)
    elif not found:
        why = framework.read(project, outcome).problem or "nothing was observed"
        return dict.fromkeys(expressions, Answer(problem=why))
    return found


def _told(outcome: Outcome, word: str) -> dict[int, Answer]:
    found: dict[int, Answer] = {}
    pattern = re.compile(rf'^{word} ([0-9]{{1,6}}) (value|panic) (".*")$', re.MULTILINE)
    for index, how, shown in pattern.findall(outcome.stdout.decode("utf-8", "replace")):
        text = unescaped(shown)
        found[int(index)] = Answer(panic=text) if how == "panic" else Answer(text)
    return found


def _in_one_line(text: str) -> str:
    return " ".join(filter(None, map(str.strip, text.split("\n"))))
