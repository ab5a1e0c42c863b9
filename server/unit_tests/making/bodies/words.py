"""Names that a test has no use for, by what is wrong with them, and those that need no import."""

import builtins

_STAND_INS = (
    "mock Mock MagicMock AsyncMock NonCallableMock PropertyMock patch monkeypatch mocker create_autospec "
    "setattr delattr __setattr__ __dict__ globals locals vars reload sys.modules jest.fn vi.fn mock.fn sinon "
    "spyOn doMock unstable_mockModule mockImplementation stubGlobal defineProperty prototype"
)
STAND_INS = frozenset(_STAND_INS.split())
"""What replaces something; dotted ones count as a whole, as everywhere here."""

_OUT = (
    "socket ssl http https http2 net dgram tls dns urllib urllib2 urllib3 requests httpx aiohttp ftplib "
    "smtplib poplib imaplib telnetlib xmlrpc websocket websockets subprocess multiprocessing pty ctypes "
    "signal threading concurrent child_process cluster worker_threads vm webbrowser fetch XMLHttpRequest "
    "eval exec compile __import__ breakpoint input exit quit importlib runpy code pickle marshal gc process "
    "Deno Bun Function Worker WebSocket require createRequire"
)
OUT = frozenset(_OUT.split())
"""Modules and names that lead out of the test: network, processes, code from texts."""

_INSIDE = "__globals__ __subclasses__ __code__ __builtins__ __closure__ __loader__ __proto__"
INSIDE = frozenset(_INSIDE.split())
"""Members that lead into the interpreter."""

EXITS = frozenset({"sys.exit", "sys.settrace", "sys.setprofile", "sys.stdin", "constructor.constructor"})
OF_OS = frozenset({"path", "sep", "linesep", "fspath", "PathLike", "curdir", "pardir"})
"""Members of ``os`` that do nothing."""

_FILE_CALLS = (
    "open write_text write_bytes read_text read_bytes unlink mkdir rmdir touch makedirs rmtree chmod "
    "symlink_to hardlink_to readFileSync writeFileSync"
)
FILE_CALLS = frozenset(_FILE_CALLS.split())
FILE_MODULES = frozenset({"shutil", "tempfile", "fs", "glob", "fileinput"})
OWN_FOLDERS = frozenset({"tmp_path", "tmpdir"})
"""Fixtures that give a test a folder of its own."""

_WAITS = "sleep setTimeout setInterval setImmediate sleepSync Atomics.wait"
WAITS = frozenset(_WAITS.split())

_SKIPS = "skip skipTest skipif xfail importorskip todo"
SKIPS = frozenset(_SKIPS.split())

_ECMASCRIPT = (
    "Array Boolean Date Error EvalError Infinity Intl JSON Map Math NaN Number Object Promise RangeError "
    "ReferenceError RegExp Set String Symbol SyntaxError TypeError URL URLSearchParams Uint8Array WeakMap "
    "WeakSet BigInt Buffer console decodeURIComponent encodeURIComponent isFinite isNaN parseFloat parseInt "
    "structuredClone undefined globalThis assert expect test it describe t vi jest this"
)
KNOWN_IN_PYTHON = frozenset(dir(builtins)) | {"pytest", "self", "__name__"}
KNOWN_IN_ECMASCRIPT = frozenset(_ECMASCRIPT.split())
"""Names that need no import; of those that check, the framework sees to it."""
