"""``python -m codenook.models.training STEP --work DIR``: the steps that make the bundled model, in order."""

import argparse
import sys
from pathlib import Path

from codenook.models import bundled
from codenook.models.training.corpus import SPLITS
from codenook.models.training.errors import TrainingError

DEFAULT_WORK = Path(__file__).with_name("work")


def main(arguments: list[str] | None = None) -> int:
    """Run one step; return the exit status."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
    except TrainingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    """Describe the steps; each imports what it needs, so that a step asks for no other step's libraries."""
    root = argparse.ArgumentParser(prog="python -m codenook.models.training", description=__doc__)
    steps = root.add_subparsers(required=True, metavar="STEP")

    def step(name: str, run: object, about: str) -> argparse.ArgumentParser:
        added = steps.add_parser(name, help=about, description=about)
        added.add_argument(
            "--work", type=Path, default=DEFAULT_WORK, help="working folder (default: %(default)s)"
        )
        added.set_defaults(run=run)
        return added

    all_steps = step("all", remake, "make the model: all steps in order; what is done is not done again")
    corpus_step = step("corpus", corpus, "fetch and clean the packages of manifest.toml")
    tokenizer_step = step("tokenizer", tokenizer, "learn the vocabulary, or take a released model's")
    tokenizer_step.add_argument("--from", dest="release", type=Path, metavar="GGUF", help="take this model's")
    examples_step = step(
        "examples", examples, "cut holes and pack rows, shard by shard; may run beside train"
    )
    examples_step.add_argument("--split", choices=SPLITS, default="train")
    examples_step.add_argument(
        "--shards", type=int, help="stop after so many (default: one pass over the corpus)"
    )
    train_step = step("train", train, "train, or go on from the newest checkpoint")
    export_step = step("export", export, "write the newest checkpoint as GGUF")
    export_step.add_argument("--format", choices=("q8_0", "q4_0", "f16"), default="q8_0")
    for one in (all_steps, corpus_step):
        one.add_argument(
            "--data",
            type=Path,
            help="folder of a benchmark's problems as JSON lines, to keep out of the corpus",
        )
    for one in (all_steps, examples_step):
        one.add_argument(
            "--seed", type=int, default=0, help="of the draw of files and holes (default: %(default)s)"
        )
    for one in (all_steps, train_step):
        one.add_argument(
            "--hours", type=float, required=True, help="of training until the learning rate is zero"
        )
        one.add_argument(
            "--from", dest="release", type=Path, metavar="GGUF", help="begin with this model's weights"
        )
        one.add_argument(
            "--threads",
            type=int,
            default=2,
            help="fewer than cores on a machine with other work (default: %(default)s)",
        )
    for one in (all_steps, export_step):
        one.add_argument("--out", type=Path, help=f"default: models/bundled/{bundled.NAME}")
    evaluate_step = step(
        "evaluate", evaluate, "measure GGUF files on the held-out packages, with progress on stderr"
    )
    evaluate_step.add_argument(
        "models", type=Path, nargs="*", metavar="GGUF", help="models to measure (default: the bundled one)"
    )
    evaluate_step.add_argument(
        "--previous",
        type=Path,
        metavar="GGUF",
        help="the bundled model before this one, measured too: "
        f"git show REV:models/bundled/{bundled.NAME} > GGUF writes it",
    )
    evaluate_step.add_argument("--split", choices=("validation", "test"), default="test")
    evaluate_step.add_argument(
        "--holes",
        type=int,
        default=200,
        help="of each kind; half as many windows are read (default: %(default)s)",
    )
    evaluate_step.add_argument(
        "--data",
        type=Path,
        metavar="FOLDER",
        help="with the problems of HumanEval infilling, as JSON lines; the answers are run, in bubblewrap",
    )
    evaluate_step.add_argument("--threads", type=int, default=0, help="default: as the engine chooses")
    evaluate_step.add_argument(
        "--jobs",
        type=int,
        default=1,
        help="rows of the table measured at the same time (default: %(default)s)",
    )
    evaluate_step.add_argument("--json", action="store_true", help="print JSON instead of tables")
    evaluate_step.add_argument(
        "--picture",
        type=Path,
        metavar="FILE",
        help="draw the reliability curve, as SVG or PNG (needs matplotlib)",
    )
    evaluate_step.add_argument(
        "--answers", type=Path, metavar="FILE", help="write each hole and its candidates, as JSON lines"
    )
    return root


def remake(options: argparse.Namespace) -> None:
    """Run all steps."""
    from codenook.models.training import remake as steps
    from codenook.models.training.schedule import Plan

    plan, out = Plan(hours=options.hours, n_threads=options.threads), options.out or released_path()
    steps.remake(options.work, plan, out, release=options.release, data=options.data, seed=options.seed)
    print_size(out)


def corpus(options: argparse.Namespace) -> None:
    """Run the corpus step."""
    from codenook.models.training import corpus as step

    step.build(options.work, options.data)


def tokenizer(options: argparse.Namespace) -> None:
    """Run the tokenizer step."""
    from codenook.models.training import tokenizer as step

    if not options.release:
        step.make(options.work)
        return
    from codenook.models.training import released

    step.make(options.work, released.read(options.release).tokenizer)


def examples(options: argparse.Namespace) -> None:
    """Run the examples step."""
    from codenook.models.training import examples as step

    step.build(options.work, options.split, options.shards, options.seed)


def train(options: argparse.Namespace) -> None:
    """Run the training step."""
    from codenook.models.training import released
    from codenook.models.training import train as step
    from codenook.models.training.schedule import Plan, continued

    plan = Plan(hours=options.hours, n_threads=options.threads)
    if not options.release:
        step.train(options.work, step.Shape(), plan)
        return
    release = released.read(options.release)
    released.check_vocabulary(release, options.work, options.release)
    step.train(options.work, release.shape, continued(plan), release.weights)


def export(options: argparse.Namespace) -> None:
    """Run the export step."""
    from codenook.models.training import export as step

    path = options.out or released_path()
    step.export(options.work, path, options.format)
    print_size(path)


def released_path() -> Path:
    """Return where the bundled model is, or goes."""
    return Path(bundled.__file__).with_name(bundled.NAME)


def print_size(path: Path) -> None:
    """Say what was written."""
    print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


def evaluate(options: argparse.Namespace) -> None:
    """Run the evaluation step."""
    from codenook.models.training.evaluate import step

    step.run(options)


if __name__ == "__main__":
    sys.exit(main())
