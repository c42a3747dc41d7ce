"""What the documents say is true: settings, terms, commands, paths, ladders and decisions."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import click
import pytest

from lms.cli import main
from tests.house.test_imports import FEATURES, ROOMS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))

# The rest of such a command, up to what ends it on the line: a comment, or the mark that closes the code.
COMMAND = re.compile(r"(?<![\w/.@:-])(?:do\.py lms|python -m lms|lms)[ ]+([a-z][^`#\n]*)")
OURS = re.compile(r"do\.py ([a-z]+)")


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def code_of(text: str) -> list[str]:
    """What stands between back ticks or in a fenced block, line by line."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    rest = re.sub(r"^(`{3,})\w*\n.*?^\1", "", text, flags=re.MULTILINE | re.DOTALL)
    return [line for block in fenced for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", rest)


def cells(page: Path) -> list[list[str]]:
    """The rows of the tables of a page, without their headings."""
    rows = [line.strip().strip("|").split("|") for line in text_of(page).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows if not set("".join(row)) <= set("-: ")][1:]


def settings_read() -> set[str]:
    return set(re.findall(r'environ\.get\("(LMS_[A-Z_]+)"', text_of(ROOT / "lms" / "config.py")))


def test_every_setting_is_explained_and_every_explanation_has_a_setting() -> None:
    explained = [row[0].strip("`") for row in cells(DOCS / "settings.md")]
    assert len(settings_read()) >= 10
    assert sorted(explained) == sorted(settings_read())
    assert all(len(row) == 3 and all(row) for row in cells(DOCS / "settings.md"))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_page_names_a_setting_that_is_not_read(page: Path) -> None:
    assert set(re.findall(r"\bLMS_[A-Z][A-Z_]*\b", text_of(page))) <= settings_read()


def test_every_term_of_the_glossary_is_a_name_in_the_code() -> None:
    rows = cells(DOCS / "glossary.md")
    code = " ".join(text_of(path) for path in sorted((ROOT / "lms").rglob("*.py")))
    names = set(re.findall(r"\w+", code))
    assert len(rows) > 25
    assert {row[2].strip("`") for row in rows} - names == set()
    terms = [row[0] for row in rows]
    assert len(terms) == len(set(terms))


def own_commands() -> set[str]:
    spec = importlib.util.spec_from_file_location("do", ROOT / "do.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return set(OURS.findall(module.USAGE))


def test_the_readme_names_the_commands_of_the_project() -> None:
    assert own_commands() == {"run", "test", "lms"} == set(OURS.findall(text_of(ROOT / "README.md")))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_commands_in_a_page_exist(page: Path) -> None:
    lines = code_of(text_of(page))
    assert {word for line in lines for word in OURS.findall(line)} <= own_commands()
    for line in lines:
        for given in COMMAND.findall(line):
            check_command(shlex.split(given), f"{named(page)}: lms {given}")


def check_command(words: list[str], where: str) -> None:
    command = main.commands.get(words[0])
    assert command is not None, where
    options = {name for item in command.params if isinstance(item, click.Option) for name in item.opts}
    options |= {name for item in command.params for name in item.secondary_opts}
    assert {word.split("=")[0] for word in words[1:] if word.startswith("--")} - {"--help"} <= options, where


def test_a_command_that_does_not_exist_is_seen() -> None:
    check_command(["init", "--demo"], "")
    with pytest.raises(AssertionError):
        check_command(["backup"], "")
    with pytest.raises(AssertionError):
        check_command(["init", "--quickly"], "")
    assert COMMAND.findall("python3 do.py lms check-courses") == ["check-courses"]
    assert COMMAND.findall("lms run --port 1   # the site") == ["run --port 1   "]
    assert COMMAND.findall("from lms.cli import main") == COMMAND.findall("lms/config.py") == []


def anchors_of(text: str) -> set[str]:
    return {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line[:1] == "#"
    }


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_and_paths_in_a_page_lead_somewhere(page: Path) -> None:
    text = text_of(page)
    # What an example holds is not a link of the page.
    for target in re.findall(r"\]\(([^)]+)\)", re.sub(r"^(`{3,})\w*\n.*?^\1", "", text, flags=re.M | re.S)):
        path, _, anchor = target.partition("#")
        if target.startswith(("http://", "https://", "/")):
            continue
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{named(page)}: {target}"
        assert not anchor or anchor in anchors_of(text_of(there)), f"{named(page)}: {target}"
    for code in re.findall(r"`((?:lms|tests|docs|bench|courses|migrations)/[\w./-]*)`", text):
        assert (ROOT / code).exists(), f"{named(page)}: {code}"


def test_the_architecture_names_the_ladders_and_folders_that_are_there() -> None:
    text = text_of(DOCS / "architecture.md")
    packages = {path.parent.name for path in (ROOT / "lms").glob("*/__init__.py")}
    ladder = [name for name in reversed(FEATURES) if name in packages]
    assert f"features: `{' > '.join(ladder)}`" in text
    assert f"rooms: `{' > '.join(reversed(ROOMS))}`" in text
    tree = text.split("```")[1]
    assert {name for name in packages if f"{name}/" not in tree} == set()
    assert {
        name for name in ("static", "templates", "migrations", "courses", "bench") if f"{name}/" not in tree
    } == set()


@pytest.mark.parametrize("page", DECISIONS, ids=named)
def test_a_decision_says_context_choice_and_price(page: Path) -> None:
    text = text_of(page)
    number = int(page.name[:4])
    assert number == DECISIONS.index(page) + 1
    assert text.startswith(f"# {number}. ")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Choice", "Price"]
    assert len(text.split()) < 260, "a decision is a short page"
