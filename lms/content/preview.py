"""Content that is not live: the folder an author works on, read anew when its files changed, for staff alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lms.content import snapshot
from lms.content.models import Library
from lms.content.problems import ContentError, Problem
from lms.content.reader import read_library


@dataclass(frozen=True, kw_only=True)
class Previewed:
    """What stands in ``folder`` now: a library in which nothing is wrong, or the problems."""

    folder: Path
    library: Library | None
    problems: tuple[Problem, ...]


class Preview:
    """``find_folder`` says which folder is previewed now; None when there is no preview."""

    def __init__(self, find_folder: Callable[[], Path | None]) -> None:
        self._find_folder = find_folder
        self._lock = threading.Lock()
        self._last: tuple[tuple[Path, snapshot.Signature], Previewed] | None = None

    @property
    def is_on(self) -> bool:
        return self._find_folder() is not None

    def look(self) -> Previewed | None:
        """The folder as it is at this moment; read again only when a file changed."""
        folder = self._find_folder()
        if folder is None:
            return None
        state = folder, snapshot.sign(folder)
        with self._lock:
            if self._last is None or self._last[0] != state:
                self._last = state, _read(folder)
            return self._last[1]


def _read(folder: Path) -> Previewed:
    try:
        return Previewed(folder=folder, library=read_library(folder), problems=())
    except ContentError as error:
        return Previewed(folder=folder, library=None, problems=error.problems)
