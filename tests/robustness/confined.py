"""Run a command with less than the system would grant it, and so everything that it starts.

``confined.py WHAT... -- COMMAND...``, where WHAT is any of

- ``no-network``: the kernel kills the process that asks for a socket other than a Unix one;
- ``modes``: the modes of files and folders count for root, too.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 24, 38, 22
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
SECCOMP_MODE_FILTER = 2
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
AF_UNIX = 1
SYSTEMS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""By machine: the audit architecture and the number of ``socket``."""


def prctl(*arguments: int | ctypes.Array) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.prctl(*(ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments))


def allow_unix_sockets_only() -> None:
    architecture, socket = SYSTEMS[platform.machine()]
    program = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        (EQUAL, 0, 2, socket),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (EQUAL, 0, 1, AF_UNIX),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, KILL),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in program))
    head = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    if prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, head):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter")


def obey_modes() -> None:
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        if prctl(PR_CAPBSET_DROP, capability) and ctypes.get_errno() != errno.EPERM:  # only root has it
            raise OSError(ctypes.get_errno(), "the capability stays")


if __name__ == "__main__":
    split = sys.argv.index("--")
    for what in sys.argv[1:split]:
        {"no-network": allow_unix_sockets_only, "modes": obey_modes}[what]()
    command = sys.argv[split + 1 :]
    os.execvp(command[0], command)  # noqa: S606 - that is what it is for
