"""The one place that knows what time it is. Everything inside is UTC; screens show Europe/Brussels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")

_shown: datetime | None = None


def now() -> datetime:
    """The current moment, aware and in UTC."""
    return _shown or datetime.now(UTC)


def short_day(moment: datetime) -> str:
    """The day in Brussels as a mail gives it: *12/11/2026*."""
    return f"{moment.astimezone(BRUSSELS):%d/%m/%Y}"


def short_moment(moment: datetime) -> str:
    """Day and time in Brussels as a mail gives them: *12/11/2026 om 10.25*."""
    return f"{moment.astimezone(BRUSSELS):%d/%m/%Y om %H.%M}"


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Stop the clock at ``moment`` (aware). Only tests use this."""
    global _shown
    before, _shown = _shown, moment.astimezone(UTC)
    try:
        yield
    finally:
        _shown = before
