"""Turn the output of a compilation (``[26/140] g++ …``) into one line of progress."""

import re
import sys
import time

started = time.monotonic()
shown = -1
for line in sys.stdin:
    step = re.search(r"\[(\d+)/(\d+)\]", line)
    if step is None:
        continue
    done, total = int(step[1]), int(step[2])
    percent = 100 * done // total
    if percent == shown or (percent % 10 and not sys.stdout.isatty()):
        continue
    shown = percent
    end = "\r" if sys.stdout.isatty() and done < total else "\n"
    sys.stdout.write(f"llama.cpp: {done} of {total} steps, {time.monotonic() - started:.0f} s{end}")
    sys.stdout.flush()
