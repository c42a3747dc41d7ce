"""The versions of the content that were put live, and which of them is.

A version is a folder that never changes again. One small file, ``live.json``, names them in the order in which they
went live; it is replaced in one step, so a reader finds the old list or the new one, also after a kill or a power cut.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from lms.content.models import Library
from lms.content.problems import ContentError, Problem
from lms.content.reader import read_library

if sys.platform != "win32":
    import fcntl

# So many versions stay on disk, to go back to.
KEPT = 5
_INCOMING = "incoming-"


class NothingBefore(Exception):
    """There is no earlier version to go back to."""


class Versions:
    """The versions below ``folder``, which need not exist yet. Any number of processes may look while one changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def names(self) -> list[str]:
        """The versions that went live and were not taken back, the live one last."""
        try:
            text = (self.folder / "live.json").read_text("utf-8")
        except FileNotFoundError:
            return []
        return list(json.loads(text)["versions"])

    def live(self) -> Path | None:
        """The folder of the live version; None when none was ever put live here."""
        names = self.names
        return self.folder / names[-1] if names else None

    def put_live(
        self, source: Path, moment: datetime, may_replace: Callable[[Library], Iterable[Problem]] = lambda _: ()
    ) -> Library:
        """Check ``source`` and make it the live version at ``moment``; what is checked is the copy that goes live.

        Raises ContentError, and then nothing changed, when a file is wrong or ``may_replace`` has something against it.
        """
        with self._alone():
            copy = self.folder / f"{_INCOMING}{moment:%Y%m%dT%H%M%S%f}"
            try:
                shutil.copytree(source, copy, ignore=shutil.ignore_patterns(".*"))
                library = read_library(copy)
                problems = list(may_replace(library))
                if problems:
                    raise ContentError(problems)
                # The files are on the disk before anything names them.
                if sys.platform != "win32":
                    os.sync()
                name = f"{moment:%Y%m%dT%H%M%S%f}-{library.digest}"
                copy.rename(self.folder / name)
            except BaseException:
                shutil.rmtree(copy, ignore_errors=True)
                raise
            self._write([*self.names, name][-KEPT:])
            self._clear()
        return library

    def go_back(self) -> Path | None:
        """Make the version before this one live again; gives its folder, None for the content of the settings.

        Raises NothingBefore when nothing was put live here.
        """
        with self._alone():
            names = self.names
            if not names:
                raise NothingBefore
            self._write(names[:-1])
        return self.live()

    def previewed(self) -> Path | None:
        """The folder that staff see as a preview; None when there is none."""
        try:
            return Path((self.folder / "preview").read_text("utf-8"))
        except FileNotFoundError:
            return None

    def show_preview(self, folder: Path | None) -> None:
        """Show ``folder`` to staff from now on; None ends the preview."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if folder is None:
            (self.folder / "preview").unlink(missing_ok=True)
            return
        draft = self.folder / "preview.new"
        draft.write_text(str(folder.resolve()), "utf-8")
        draft.replace(self.folder / "preview")

    def _write(self, names: list[str]) -> None:
        draft = self.folder / "live.json.new"
        with draft.open("w", encoding="utf-8") as file:
            json.dump({"versions": names}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / "live.json")
        if sys.platform != "win32":
            directory = os.open(self.folder, os.O_RDONLY)
            os.fsync(directory)
            os.close(directory)

    def _clear(self) -> None:
        """Throw away what no list names: versions that are too old or were taken back, and copies of a killed run."""
        names = set(self.names)
        for path in self.folder.iterdir():
            if path.is_dir() and path.name not in names:
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One change at a time; the lock goes with the process, so a killed one leaves none behind."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as file:
            if sys.platform != "win32":
                fcntl.flock(file, fcntl.LOCK_EX)
            yield
