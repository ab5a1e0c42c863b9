"""What runs each language."""

from collections.abc import Mapping

from codenook.server.translation.languages.language import Running

RUNNINGS: Mapping[str, Running] = {}
"""By the identifiers that editors send (LSP ``languageId``)."""
