"""The short form of the soak; the long one is ``python tests/robustness/soak.py``."""

import json
import subprocess
import sys
from pathlib import Path

from soak import OUTCOMES

N_REQUESTS = 200


def test_every_request_is_answered():
    """Memory is not judged here: so soon after the start it still grows."""
    script = Path(__file__).with_name("soak.py")
    ran = subprocess.run(
        [sys.executable, script, "--requests", str(N_REQUESTS)], capture_output=True, check=False
    )
    report = json.loads(ran.stdout)
    assert report["answered"] == N_REQUESTS, ran.stderr
    assert report["outcomes"].keys() <= OUTCOMES
