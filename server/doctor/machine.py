"""The machine that codenook runs on, as `codenook doctor` and the benchmarks tell of it."""

import os
import platform
import re
from pathlib import Path
from typing import Any

import psutil


def facts() -> dict[str, Any]:
    """Return what figures depend on besides codenook and the model; memory is in GB."""
    return {
        "cpu": _told("model name") or platform.processor() or platform.machine(),
        "cores": psutil.cpu_count(logical=False) or os.cpu_count(),
        "threads": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def processor_flags() -> set[str]:
    """Return the features of this processor as Linux names them; other systems are not asked."""
    return set(_told("flags").split())


def _told(name: str) -> str:
    """What Linux says of the first processor under ``name``; empty where it says nothing."""
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    found = re.search(rf"^{name}\s*: (.+)$", told, flags=re.MULTILINE)
    return found[1].strip() if found else ""
