"""The bytes of a content folder, read once, so that what is judged is what the fingerprint says."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lms.content.problems import Problem
from lms.content.yaml import INVISIBLE

MAX_BYTES = 1_000_000
_TEXT = (".yaml", ".yml", ".md")
Signature = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class Snapshot:
    """``names``: every file, relative to the folder. ``texts``: the content of the readable text files."""

    names: frozenset[str]
    texts: dict[str, str]
    digest: str

    def below(self, folder: str) -> list[str]:
        """The files in ``folder`` and its subfolders, sorted."""
        return sorted(name for name in self.names if name.startswith(folder + "/"))


def list_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file with its relative name, sorted; hidden files and folders belong to editors, not to the content."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent, name)
            if not name.startswith(".") and path.is_file():
                yield path.relative_to(folder).as_posix(), path


def sign(folder: Path) -> Signature:
    """A cheap mark of the state of the folder: it differs as soon as a file is written, added or removed."""
    marks = []
    for name, path in list_files(folder):
        try:
            status = path.stat()
        except OSError:
            continue
        marks.append((name, status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(marks)


def take(folder: Path, problems: list[Problem]) -> Snapshot:
    """Read every file of ``folder``; what cannot be read is added to ``problems``."""
    names: set[str] = set()
    texts: dict[str, str] = {}
    fingerprint = hashlib.sha256()
    for name, path in list_files(folder):
        names.add(name)
        try:
            size = path.stat().st_size
            if name.endswith(_TEXT) and size > MAX_BYTES:
                problems.append(Problem(name, 1, f"het bestand is {size} bytes groot", "hoogstens 1 MB"))
                continue
            content = path.read_bytes()
        except OSError:
            problems.append(Problem(name, 1, "het bestand kan niet geopend worden", "een leesbaar bestand"))
            continue
        fingerprint.update(f"{name}\0{len(content)}\0".encode())
        fingerprint.update(content)
        if name.endswith(_TEXT):
            text = decode(name, content, problems)
            if text is not None:
                texts[name] = text
    return Snapshot(frozenset(names), texts, fingerprint.hexdigest()[:16])


def decode(name: str, content: bytes, problems: list[Problem]) -> str | None:
    """The text of a file, or None with the reason added to ``problems``."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.append(Problem(name, line, "er staat een teken dat geen UTF-8 is", "een bestand bewaard als UTF-8"))
        return None
    text = text.replace("\r\n", "\n")
    hidden = INVISIBLE.search(text)
    if hidden:
        line = text.count("\n", 0, hidden.start()) + 1
        cause = f"er staat een onzichtbaar teken (U+{ord(hidden.group()):04X})"
        problems.append(Problem(name, line, cause, "gewone letters, leestekens en spaties"))
        return None
    return text
