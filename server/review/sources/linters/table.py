"""The linters that a review knows: to add one, write its module and name it here and in `config.LINTERS`."""

from codenook.server.review.sources.linters.clippy import CLIPPY
from codenook.server.review.sources.linters.eslint import ESLINT
from codenook.server.review.sources.linters.flake8 import FLAKE8
from codenook.server.review.sources.linters.mypy import MYPY
from codenook.server.review.sources.linters.pylint import PYLINT
from codenook.server.review.sources.linters.pyright import PYRIGHT
from codenook.server.review.sources.linters.ruff import RUFF
from codenook.server.review.sources.linters.tsc import TSC

TABLE = {linter.name: linter for linter in (RUFF, FLAKE8, PYLINT, MYPY, PYRIGHT, ESLINT, TSC, CLIPPY)}
