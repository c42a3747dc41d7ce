"""Logging: one line per event on standard error, without personal data, tokens or typed text."""

from __future__ import annotations

import logging


def configure(level: int = logging.INFO) -> None:
    """Set the log format once; a second call changes nothing."""
    if logging.getLogger().handlers:
        return
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # These two tell every glyph and every migration step.
    for name in ("fontTools", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
