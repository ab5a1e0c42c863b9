"""Another time, for what asks the modules ``time`` and ``datetime``."""

import datetime as dt
import time
from typing import Any


def shift_clock(seconds: float) -> None:
    """Let it be so much later for the rest of this process."""
    now, now_ns, local, universal = time.time, time.time_ns, time.localtime, time.gmtime
    as_written, as_text = time.strftime, time.asctime
    time.time = lambda: now() + seconds
    time.time_ns = lambda: now_ns() + int(seconds * 1e9)
    time.localtime = lambda at=None: local(time.time() if at is None else at)
    time.gmtime = lambda at=None: universal(time.time() if at is None else at)
    time.strftime = lambda how, at=None: as_written(how, time.localtime() if at is None else at)
    time.asctime = lambda at=None: as_text(time.localtime() if at is None else at)
    time.ctime = lambda at=None: as_text(time.localtime(at))
    moment, day = dt.datetime, dt.date

    def of_moment(_cls: Any, tz: Any = None) -> Any:
        return moment.fromtimestamp(time.time(), tz)

    replaced = {
        "datetime": _standing_for(
            moment,
            now=classmethod(of_moment),
            today=classmethod(of_moment),
            utcnow=classmethod(lambda _cls: moment(*time.gmtime()[:6])),
        ),
        "date": _standing_for(day, today=classmethod(lambda _cls: day.fromtimestamp(time.time()))),
    }
    for name, kind in replaced.items():
        setattr(dt, name, kind)


def _standing_for(base: Any, **members: Any) -> Any:
    """A class that makes objects of ``base`` and takes them for its own."""
    kind = type(
        "Standing",
        (type,),
        {
            "__instancecheck__": lambda _cls, value: isinstance(value, base),
            "__subclasscheck__": lambda _cls, other: issubclass(other, base),
        },
    )
    made = {"__new__": lambda _cls, *args, **named: base(*args, **named), "__module__": base.__module__}
    return kind(base.__name__, (base,), {**members, **made})
