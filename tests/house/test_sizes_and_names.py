"""Modules and functions stay small enough to read in one go, and say what they are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "lms").rglob("*.py"))

# Lines that say something: blank lines and docstrings make a module easier to read, not longer.
MODULE_LINES = 330
FUNCTION_LINES = 45
EMPTY_NAMES = re.compile(r"(?:^|_)(utils?|helpers?|managers?|services?|misc|common|stuff)(?:_|$)", re.IGNORECASE)
# CamelCase parts count too: SchoolManager is as empty as school_manager.
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def lines_that_count(text: str) -> int:
    return sum(bool(line.strip()) for line in text.splitlines())


def long_functions(text: str) -> list[tuple[str, int]]:
    """Names and lengths of the functions over the limit, docstring and blank lines left out."""
    lines = text.splitlines()
    result = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            doc = ast.get_docstring(node, clean=False)
            length = lines_that_count("\n".join(lines[node.lineno - 1 : node.end_lineno]))
            length -= lines_that_count(doc) if doc else 0
            if length > FUNCTION_LINES:
                result.append((node.name, length))
    return result


def empty_names(text: str) -> list[str]:
    """Names of classes and functions in ``text`` that say nothing."""
    names = [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    return [name for name in names if EMPTY_NAMES.search(CAMEL.sub("_", name))]


def complaints(path: Path) -> list[str]:
    """What is too long in a module, or has a name that says nothing about what is inside."""
    text = path.read_text(encoding="utf-8")
    length = lines_that_count(text)
    wrong = [f"{length} lines: make two modules of it"] if length > MODULE_LINES else []
    wrong += [f"{name} has {lines} lines" for name, lines in long_functions(text)]
    names = [path.stem] if EMPTY_NAMES.search(path.stem) else []
    wrong += [f"the name {name} says nothing" for name in [*names, *empty_names(text)]]
    return [f"{path.relative_to(ROOT)}: {line}" for line in wrong]


def test_every_module_is_short_and_well_named() -> None:
    wrong = [line for path in SOURCES for line in complaints(path)]
    assert not wrong, "\n".join(wrong)


def test_what_is_too_long_or_empty_is_seen() -> None:
    body = "\n".join(f"    x{number} = {number}" for number in range(FUNCTION_LINES))
    assert long_functions(f"def grown():\n{body}\n") == [("grown", FUNCTION_LINES + 1)]
    assert empty_names("class SchoolManager: ...\ndef mail_helper(): ...\ndef manage(): ...") == [
        "SchoolManager",
        "mail_helper",
    ]


def test_every_function_says_what_it_gives() -> None:
    untyped = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.returns is None
    ]
    assert not untyped
