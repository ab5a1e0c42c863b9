"""The linters that a review knows: to add one, write its module and name it here and in `config.LINTERS`."""

from codenook.server.review.sources.linters.mypy import MYPY
from codenook.server.review.sources.linters.ruff import RUFF

TABLE = {linter.name: linter for linter in (RUFF, MYPY)}
