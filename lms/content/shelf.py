"""Holds the version of the content that is live."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lms.content import snapshot
from lms.content.models import Library
from lms.content.problems import ContentError, Problem
from lms.content.reader import read_library

# How often reading starts again when files are written while they are being read.
_TRIES = 5


@dataclass(frozen=True)
class _State:
    """What the shelf knows, swapped as one object so that no reader sees half of a change."""

    library: Library
    # Where the library came from; ``signature`` is of the folder that was tried last, which may be another one.
    folder: Path
    problems: tuple[Problem, ...]
    signature: tuple[Path, snapshot.Signature]


class Shelf:
    """The last good version of a content folder.

    A version goes live as a whole or not at all: reading ``library`` is one attribute read, and a reader that keeps
    the object it got never sees another version mixed in. All methods may be called from any thread.
    """

    def __init__(
        self,
        folder: Path | Callable[[], Path],
        may_replace: Callable[[Library], Iterable[Problem]] = lambda _: (),
    ) -> None:
        """``folder``: where the content stands, or a function that looks that up each time.

        ``may_replace`` says what is against a good version that would take the place of the one that is live.
        """
        self._find_folder = folder if callable(folder) else lambda: folder
        self._may_replace = may_replace
        self._lock = threading.Lock()
        self._state: _State | None = None

    @property
    def library(self) -> Library:
        """The last good version. Raises RuntimeError before ``load()`` has succeeded."""
        return self._held().library

    @property
    def folder(self) -> Path:
        """The folder of the last good version. Raises RuntimeError before ``load()`` has succeeded."""
        return self._held().folder

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why the files of today are not live; empty when they are."""
        state = self._state
        return () if state is None else state.problems

    def _held(self) -> _State:
        if self._state is None:
            raise RuntimeError("load() the shelf before using it")
        return self._state

    def load(self) -> Library:
        """Read the folder for the first time. Raises ContentError if there is nothing good to show.

        Once something good is held, this is the same as ``reload()``.
        """
        if self._state is not None:
            self.reload()
            return self.library
        with self._lock:
            library, signature = self._read(self._find_folder())
            self._state = _State(library, signature[0], (), signature)
        return library

    def reload(self) -> tuple[Problem, ...]:
        """Put the files of now live if they are good; otherwise keep the last good version and say what is wrong."""
        with self._lock:
            state = self._held()
            folder = self._find_folder()
            signature = folder, snapshot.sign(folder)
            library, problems = state.library, ()  # type: tuple[Library, tuple[Problem, ...]]
            try:
                found, signature = self._read(folder)
            except ContentError as error:
                problems = error.problems
            else:
                if found.digest != library.digest:
                    problems = tuple(self._may_replace(found))
                    library = library if problems else found
            self._state = _State(library, state.folder if problems else folder, problems, signature)
            return problems

    def is_stale(self) -> bool:
        """Whether the files changed since they were last tried (good or not). Reads no file contents."""
        state = self._state
        folder = self._find_folder()
        return state is None or (folder, snapshot.sign(folder)) != state.signature

    def _read(self, folder: Path) -> tuple[Library, tuple[Path, snapshot.Signature]]:
        """One version, read while no file was written: otherwise half of an author's change could go live."""
        for _ in range(_TRIES):
            before = snapshot.sign(folder)
            try:
                library = read_library(folder)
            except ContentError:
                if snapshot.sign(folder) == before:
                    raise
                continue
            if snapshot.sign(folder) == before:
                return library, (folder, before)
        cause = "de bestanden veranderen terwijl ze gelezen worden"
        raise ContentError([Problem(".", 1, cause, "een map waar even niemand in schrijft")])
