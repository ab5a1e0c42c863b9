"""What is told again when files change."""

import os
import threading
from pathlib import Path
from types import SimpleNamespace

from codenook.server.lsp import diagnostics
from codenook.server.lsp.reviewed import Reviewed, ReviewedFile
from codenook.server.review import rules
from codenook.server.review.finding import Evidence, Finding, Place, SourceName, Span
from codenook.server.review.scope.change import Change


def found(root, path, *evidence):
    span, facts = Span(1, 1, 1, 2), (Evidence(SourceName.FACTS, "e"),)
    related = tuple(Place(other, span, "") for other in evidence)
    finding = Finding(rules.UNKNOWN_EXCEPTION, path, span, "x", "m", 0.5, facts, related=related)
    return ReviewedFile(path, Change(root, "a change", ()), (finding,))


async def test_of_many_changed_files_those_with_findings_are_told_again(tmp_path, monkeypatch):
    """And where files are is looked up beside the event loop, for all of them at once."""
    reviewed, told, threads, passes = Reviewed(), [], set(), []
    root = tmp_path.resolve()
    for file in (found(root, "a.py"), found(root, "b.py", "c.py"), found(root, "d.py", "e.py")):
        reviewed.take(file)
    server = SimpleNamespace(reviewed=reviewed, to_tell={}, changed=set(), telling=None, documents={})

    async def tell_closed(_server, place):
        told.append(place.name)

    def realpath(path):
        threads.add(threading.current_thread())
        return resolved(path)

    def concerned(self, places):
        passes.append(len(places))
        return whole(self, places)

    resolved, whole = os.path.realpath, Reviewed.concerned
    monkeypatch.setattr(diagnostics, "_tell_closed", tell_closed)
    monkeypatch.setattr(diagnostics.os.path, "realpath", realpath)
    monkeypatch.setattr(Reviewed, "concerned", concerned)
    (root / "link.py").symlink_to("a.py")
    others = [root / f"{number}.py" for number in range(50)]
    diagnostics.changed(server, [root / "link.py", Path("/a\0b.py"), *others])
    diagnostics.changed(server, [root / "c.py"])
    await diagnostics.all_told(server)
    assert (sorted(told), passes) == (["a.py", "b.py"], [52])
    assert threading.main_thread() not in threads
