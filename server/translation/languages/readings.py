"""What reads each language."""

from collections.abc import Mapping

from codenook.server.translation.languages.language import Reading

READINGS: Mapping[str, Reading] = {}
"""By the identifiers that editors send (LSP ``languageId``)."""
