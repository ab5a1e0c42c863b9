"""Builds repositories with the real git, for the tests of what git tells."""

import os
import subprocess
from pathlib import Path

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}


class Built:
    """A repository at ``top``; `git` runs the plain git in it, with nothing switched off."""

    def __init__(self, top: Path, *options: str) -> None:
        self.top = top
        top.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *arguments, status=0, **options):
        ran = subprocess.run(
            ["git", *arguments],  # noqa: S607 - as a user would
            cwd=self.top,
            env=ENVIRONMENT,
            check=False,
            **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 60} | options),
        )
        assert status is None or ran.returncode == status, ran.stderr
        return (ran.stdout or b"").decode(errors="surrogateescape").strip()

    def write(self, **files):
        """Write files, given as ``name=text``; ``__`` in a name stands for a dot."""
        for name, text in files.items():
            self.put(name.replace("__", "."), text.encode())

    def put(self, name, content):
        path = self.top / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def commit(self, **files):
        self.write(**files)
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", "commit")
        return self.git("rev-parse", "HEAD")

    def hunks(self, found):
        """Hunks as ``(path below the top, first line, last line)``."""
        return [
            (hunk.path.relative_to(self.top).as_posix(), hunk.start_line, hunk.end_line) for hunk in found
        ]

    def names(self, found):
        """Weighed files, as ``{path below the top: weight}``."""
        return {path.relative_to(self.top).as_posix(): weight for path, weight in found}
