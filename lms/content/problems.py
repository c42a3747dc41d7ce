"""What is wrong with a content file, told so that its author can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake. ``file`` is relative to the content folder, ``line`` counts from 1; the words are Dutch."""

    file: str
    line: int
    cause: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.cause}, verwacht {self.expected}"


class ContentError(Exception):
    """The content cannot go live. ``problems`` holds every mistake of every file, in order of file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))
