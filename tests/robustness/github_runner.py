"""Reads a line as GitHub's runner does (ActionCommand.cs in github.com/actions/runner)."""

_MARKS = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def obeyed(line):
    """Return a line's command, its properties and its message; None where the runner finds none."""
    line = line.lstrip()
    if line.startswith("::") and (end := line.find("::", 2)) >= 0:
        command, _, rest = line[2:end].partition(" ")
        pairs = (each.split("=", 1) for each in rest.split(",") if each)
        return command, {name: _meant(value) for name, value in pairs}, _meant(line[end + 2 :])
    return ("##[", {}, line) if "##[" in line and "]" in line[line.index("##[") :] else None


def _meant(text):
    for mark, char in _MARKS.items():
        text = text.replace(mark, char)
    return text
