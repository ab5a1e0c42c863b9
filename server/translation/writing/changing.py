"""Which parameters a function changes for its caller."""

from codenook.server.translation.languages.language import Around
from codenook.server.translation.signature import Parameter


def is_changed(parameter: Parameter, source: str, around: Around) -> bool:
    """Whether a function changes what it is handed for a parameter, as its type or the program says."""
    if parameter.name in around.changed:
        return True
    written = parameter.written.strip()
    if source == "rust":
        return written.startswith("&") and " mut " in f" {written.lstrip('&')} "
    if source == "cpp":
        return written.endswith("&") and not written.endswith("&&") and "const" not in written.split()
    return False
