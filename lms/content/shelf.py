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
    problems: tuple[Problem, ...]
    signature: snapshot.Signature


class Shelf:
    """The last good version of a content folder.

    A version goes live as a whole or not at all: reading ``library`` is one attribute read, and a reader that keeps
    the object it got never sees another version mixed in. All methods may be called from any thread.
    """

    def __init__(self, folder: Path, may_replace: Callable[[Library], Iterable[Problem]] = lambda _: ()) -> None:
        """``may_replace`` says what is against a good version that would take the place of the one that is live."""
        self.folder = folder
        self._may_replace = may_replace
        self._lock = threading.Lock()
        self._state: _State | None = None

    @property
    def library(self) -> Library:
        """The last good version. Raises RuntimeError before ``load()`` has succeeded."""
        state = self._state
        if state is None:
            raise RuntimeError("load() the shelf before using its library")
        return state.library

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why the files of today are not live; empty when they are."""
        state = self._state
        return () if state is None else state.problems

    def load(self) -> Library:
        """Read the folder for the first time. Raises ContentError if there is nothing good to show.

        Once something good is held, this is the same as ``reload()``.
        """
        if self._state is not None:
            self.reload()
            return self.library
        with self._lock:
            library, signature = self._read()
            self._state = _State(library, (), signature)
        return library

    def reload(self) -> tuple[Problem, ...]:
        """Put the files of now live if they are good; otherwise keep the last good version and say what is wrong."""
        with self._lock:
            state = self._state
            if state is None:
                raise RuntimeError("load() the shelf before reloading it")
            signature = snapshot.sign(self.folder)
            try:
                library, signature = self._read()
            except ContentError as error:
                self._state = _State(state.library, error.problems, signature)
            else:
                problems: tuple[Problem, ...] = ()
                if library.digest == state.library.digest or (problems := tuple(self._may_replace(library))):
                    library = state.library
                self._state = _State(library, problems, signature)
            return self._state.problems

    def is_stale(self) -> bool:
        """Whether the files changed since they were last tried (good or not). Reads no file contents."""
        state = self._state
        return state is None or snapshot.sign(self.folder) != state.signature

    def _read(self) -> tuple[Library, snapshot.Signature]:
        """One version, read while no file was written: otherwise half of an author's change could go live."""
        for _ in range(_TRIES):
            before = snapshot.sign(self.folder)
            try:
                library = read_library(self.folder)
            except ContentError:
                if snapshot.sign(self.folder) == before:
                    raise
                continue
            if snapshot.sign(self.folder) == before:
                return library, before
        cause = "de bestanden veranderen terwijl ze gelezen worden"
        raise ContentError([Problem(".", 1, cause, "een map waar even niemand in schrijft")])
