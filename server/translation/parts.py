"""What the job is put together from: what reads, writes and runs each language, and who asks a model."""

from collections.abc import Awaitable, Callable, Mapping

from attrs import frozen

from codenook.server.translation.languages.all import READING, RUNNING
from codenook.server.translation.languages.language import Reading, Running
from codenook.server.translation.languages.writings import WRITERS
from codenook.server.translation.making.choose import maker_for
from codenook.server.translation.making.maker import Maker
from codenook.server.translation.writing.writer import Writer

MakerFor = Callable[..., Awaitable[Maker]]
"""`making.choose.maker_for`, or one like it."""


@frozen
class Parts:
    """The parts, by the identifiers that editors send; a test can have others."""

    readings: Mapping[str, Reading]
    writings: Mapping[str, Writer]
    runnings: Mapping[str, Running]
    maker_for: MakerFor


PARTS = Parts(READING, WRITERS, RUNNING, maker_for)
