"""Logging: one line per event on standard error, without personal data, tokens or typed text."""

from __future__ import annotations

import logging
import traceback


def configure(level: int = logging.INFO) -> None:
    """Set the log format once; a second call changes nothing."""
    if logging.getLogger().handlers:
        return
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # These two tell every glyph and every migration step.
    for name in ("fontTools", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def without_values(error: BaseException) -> str:
    """Kind and place of ``error``, for the log. Its message stays out: a database puts the values of a row in it."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
