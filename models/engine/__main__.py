"""Start an engine: ``python -P -E -m codenook.models.engine SOCKET MODEL OPTIONS`` (options as JSON)."""

import json
import logging
import os
import sys
from pathlib import Path

from codenook.models.engine.options import EngineOptions
from codenook.models.engine.process import run

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
logging.getLogger("pygls").setLevel(logging.CRITICAL)  # it logs whole messages: they carry source text

socket, model, options = sys.argv[1:]
status = run(Path(socket), Path(model), EngineOptions(**json.loads(options)))
os._exit(status)  # at once: Python would wait for the decode thread, which may hang
