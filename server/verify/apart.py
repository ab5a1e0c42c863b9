"""The proof for long texts, in a process of its own: CPython's parser lets no other thread run meanwhile.

stdin has the language and the texts before and after as JSON, stdout gets what differs, or null. That the
parser may end its process with code that is nested deeply enough costs nothing else here.
"""

import json
import subprocess
import sys

from codenook.context.parse import Language, language_named
from codenook.server.verify.unchanged import difference

LONG = 200_000
"""Characters from which on a text is long: reading less takes no longer than starting a process."""

TIMEOUT_S = 120.0


def difference_apart(language: Language, before: str, after: str) -> str | None:
    """Like `difference`; blocks its thread, and no other."""
    if len(after) < LONG:
        return difference(language, before, after)
    asked = json.dumps([language.id, before, after])
    try:
        answer = subprocess.run(
            [sys.executable, "-P", "-E", "-m", "codenook.server.verify.apart"],
            input=asked.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return "the code before and after could not be compared"
    found: str | None = json.loads(answer.stdout)
    return found


def main() -> None:
    """Answer the one question on stdin."""
    language_id, before, after = json.load(sys.stdin)
    language = language_named(language_id)
    json.dump(difference(language, before, after) if language else "no such language", sys.stdout)


if __name__ == "__main__":
    main()
