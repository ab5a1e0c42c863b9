"""Build an index in a process of its own: ``build_and_tell.py ROOT [KILL_AT]``.

Prints the processes that read for it, then, unless it was killed, the modules that came from the root.
"""

import os
import signal
import sys

import psutil
from index_sources import sources

from codenook.context.index.index import Index


def main():
    root, kill_at = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None
    index = Index(sources(root))
    told = []

    def progress(done, _total):
        if not told:
            told.append(" ".join(str(child.pid) for child in psutil.Process().children()))
            sys.stdout.write(f"{told[0]}\n")
            sys.stdout.flush()
        if kill_at is not None and done >= kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    index.scan(progress)
    index.close()


if __name__ == "__main__":
    main()
