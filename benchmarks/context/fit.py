"""Fits the weights of `codenook.context.worth` on the holes of this benchmark, and prints them.

Prints also how much of what is needed the offers hold, and how well the chance orders them: fitted on three
quarters of the packages and measured on the last, in turn.
"""

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from holes import DATA, question, read_holes
from numpy.typing import NDArray
from packages import MANIFEST, read_manifest, unpack
from places import packages_folder

from codenook.context.manager import ContextManager
from codenook.context.worth import features

RIDGE = 3.0
N_STEPS = 40
N_FOLDS = 4
N_SHOWN = 30


def main() -> None:
    """Collect, fit, print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else packages_folder()
    holes = read_holes(DATA / "python.jsonl.gz")
    packages = [p for p in read_manifest(MANIFEST) if p.name in {hole.package for hole in holes}]
    roots = unpack(packages, folder.absolute())
    names: dict[str, int] = {}
    rows: list[list[tuple[int, float]]] = []
    needed: list[bool] = []
    origin: list[tuple[str, int]] = []
    for package, root in roots.items():
        manager = ContextManager(root)
        manager.build()
        for number, hole in enumerate(holes):
            if hole.package != package:
                continue
            asked = question(hole, root)
            gold = {(need.path, need.name) for need in hole.gold}
            speaking, around = manager.signs(
                path=root / hole.path, text=asked.text, offset=asked.offset, language="python"
            )
            for target, signs in speaking.items() if around else ():
                found = features(target, signs, around)
                rows.append([(names.setdefault(name, len(names)), amount) for name, amount in found])
                needed.append((target.path, target.definition.name) in gold)
                origin.append((package, number))
        manager.close()
        print(f"{package}: {len(rows)} offers so far", file=sys.stderr)
    matrix = np.zeros((len(rows), len(names)))
    for row, found in enumerate(rows):
        for column, amount in found:
            matrix[row, column] += amount
    truth = np.array(needed, dtype=float)
    _report(matrix, truth, origin, sum(len(hole.gold) for hole in holes))
    for name, value in sorted(zip(names, fit(matrix, truth), strict=True)):
        print(f'    "{name}": {value:.2f},')


def fit(matrix: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of a logistic regression with a ridge penalty, by Newton's method."""
    weights = np.zeros(matrix.shape[1])
    for _ in range(N_STEPS):
        chance = 1 / (1 + np.exp(-matrix @ weights))
        gradient = matrix.T @ (chance - truth) + RIDGE * weights
        curvature = (matrix * (chance * (1 - chance))[:, None]).T @ matrix + RIDGE * np.eye(len(weights))
        weights -= np.linalg.solve(curvature, gradient)
    return weights


def _report(
    matrix: NDArray[np.float64], truth: NDArray[np.float64], origin: list[tuple[str, int]], n_needed: int
) -> None:
    packages = sorted({package for package, _ in origin})
    chance = np.zeros(len(truth))
    for fold in range(N_FOLDS):
        left_out = np.array([package in packages[fold::N_FOLDS] for package, _ in origin])
        chance[left_out] = matrix[left_out] @ fit(matrix[~left_out], truth[~left_out])
    by_hole: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row, hole in enumerate(origin):
        by_hole[hole].append(row)
    first = sum(
        truth[sorted(found, key=lambda row: -chance[row])[:N_SHOWN]].sum() for found in by_hole.values()
    )
    offered, early = truth.sum() / n_needed, first / n_needed
    print(f"offered: {offered:.3f} of what is needed; among the first {N_SHOWN}: {early:.3f}")


if __name__ == "__main__":
    main()
