"""How strongly the files of a history belong to one of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable

N_FILES_TOGETHER = 50
N_COMMITS_HALF = 50


def weighed(path: bytes, history: Iterable[Collection[bytes]]) -> dict[bytes, float]:
    """The weight of each file that changed in one commit with ``path``.

    ``history`` has the files of each commit that changed ``path``, the newest first. A commit counts for 1,
    halved with every ``N_COMMITS_HALF`` newer ones and divided among the other files in it, or for nothing
    when these are more than ``N_FILES_TOGETHER``.
    """
    weights: dict[bytes, float] = defaultdict(float)
    for n_newer, files in enumerate(history):
        others = set(files) - {path}
        if len(others) <= N_FILES_TOGETHER:
            for other in others:
                weights[other] += 0.5 ** (n_newer / N_COMMITS_HALF) / len(others)
    return weights
