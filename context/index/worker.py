"""``python -P -E -m codenook.context.index.worker``: reads files for the index, batch by batch.

Pickles on stdin: the import path, then a `Reader` and the known digests, then lists of paths. For each list a
pickle on stdout: a list of `Read`. It ends with its stdin, also when the process that started it is killed.
"""

import os
import pickle
import signal
import sys

NICENESS = 10


def main() -> None:
    """Answer until stdin ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(NICENESS)
    requests = sys.stdin.buffer
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.path[:] = pickle.load(requests)  # noqa: S301 - from the process that started this one
    reader, known = pickle.load(requests)  # noqa: S301
    while True:
        try:
            paths = pickle.load(requests)  # noqa: S301
        except EOFError:
            return
        reads = [read for path in paths if (read := reader.read(path, known))]
        pickle.dump(reads, replies, pickle.HIGHEST_PROTOCOL)
        replies.flush()


if __name__ == "__main__":
    main()
