"""Run the command line with ``python -m lending``."""

from lending.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
