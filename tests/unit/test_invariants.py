"""What ARCHITECTURE.md says is absent is absent. `make lint` checks the arrows between the folders."""

import ast
import re
from pathlib import Path

import codenook

PACKAGE = Path(codenook.__file__).parent
MODEL_PARTS = ("engine", "prompts", "bundled", "hub", "memory")
MODULES = {
    path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for folder in ("server", "context", *(f"models/{part}" for part in MODEL_PARTS))
    for path in (PACKAGE / folder).rglob("*.py")
    if "example" not in path.parts
}


def importers(*packages):
    """Return the modules that import one of ``packages``, anywhere in their code."""
    found = set()
    for name, tree in MODULES.items():
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            if any(name.split(".")[0] in packages for name in names):
                found.add(name)
    return found


def mentions(*imports):
    """Return the modules whose import statements contain one of ``imports``."""
    return {
        name
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(text in ast.unparse(node) for text in imports)
    }


def test_modules_were_found():
    assert len(MODULES) > 30


def test_llama_cpp_is_imported_in_four_modules_of_the_engine():
    modules = ("decode", "grammar", "loading", "vocabulary")
    assert importers("llama_cpp") == {f"models/engine/{module}.py" for module in modules}


def test_lsprotocol_and_pygls_stop_at_the_edges():
    inside = {name for name in importers("lsprotocol", "pygls") if not name.startswith("server/lsp/")}
    assert inside == {"models/engine/rpc.py", "server/demo/client.py"}


def test_one_module_imports_a_network_client_and_one_command_that_module():
    clients = ("urllib", "http", "requests", "httpx", "httpx2", "huggingface_hub", "ftplib", "smtplib")
    assert importers(*clients) == {"models/hub/download.py"}
    assert mentions("models.hub.download", "models.hub import download") == {"models/hub/pull.py"}
    assert mentions("models.hub.pull", "models.hub import pull") == {"server/cli.py"}


def test_one_module_starts_git():
    assert importers("git") == {"context/git/process.py"}


def test_every_process_is_started_without_the_working_directory_on_its_path():
    for name, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.List) and (source := ast.unparse(node)).startswith("[sys.executable"):
                assert source.startswith("[sys.executable, '-P', '-E', '-m', 'codenook"), f"{name}: {source}"


def test_the_way_of_a_request_is_five_files_long():
    """Each file that ARCHITECTURE.md names leads to the next; the last calls llama_decode."""
    text = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    way = text.partition("## The way of a request")[2].partition("\n## ")[0]
    files = re.findall(r"^\d\. \[`([^`]+)`\]", way, flags=re.MULTILINE)
    assert len(files) <= 5
    called = [
        "server.completion(",
        "self._engine.generate(",
        '"generate"',
        "decoder.generate",
        "llama_decode(",
    ]
    for file, call in zip(files, called, strict=True):
        assert call in (PACKAGE.parent / file).read_text(encoding="utf-8"), f"{file} has no {call}"
