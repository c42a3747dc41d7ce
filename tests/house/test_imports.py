"""The import rule of the house: imports only go down, and hiding one in a function does not help."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "lms"

# Both ladders, the lowest first.
ROOMS = ("rules", "tables", "queries", "actions", "forms", "views")
FEATURES = (
    "content", "didactics", "people", "schools", "learning", "pack", "surveys", "inbox", "events", "monitoring",
    "privacy", "dev", "home",
)  # fmt: skip
# These two have no rooms: they know no database, and every room of every feature stands above them.
ROOMLESS = frozenset({"content", "didactics"})
YOUTH = frozenset({"youth", *ROOMLESS})
GROUND = frozenset({"config", "clock", "database", "errors", "permissions", "ical", "mail", "logs", "schema"})
KNOWS_EVERYBODY = frozenset({"app", "cli", "__main__"})
# The demo data is a story told through the forms and actions of the features; only views and the command line use it.
# The seed of a large site is made with the right answers of the demo.
DEMO = ("lms.dev.demo", "lms.dev.seed")

HTTP = frozenset({"flask", "flask_login", "flask_wtf", "wtforms", "flask_babel", "flask_limiter", "flask_sqlalchemy"})
DATABASE = frozenset({"sqlalchemy", "flask_sqlalchemy", "alembic"})
SEES_THE_DATABASE = frozenset({"lms.database", "lms.mail", "lms.schema"})
WEB_MAY = ("lms.people.queries", "lms.people.rules", "lms.content")


@dataclass(frozen=True)
class Place:
    """Where a module stands: ``feature`` and ``room`` for features, otherwise only ``feature``."""

    feature: str
    room: str = ""

    @property
    def height(self) -> float:
        return ROOMS.index("views") - 0.5 if self.room == "demo" else ROOMS.index(self.room)

    @property
    def serves_pages(self) -> bool:
        return self.feature in KNOWS_EVERYBODY | {"web"} or self.room in {"views", "forms"}


def place_of(module: str) -> Place | None:
    """Where ``lms.people.views`` stands; None when it stands nowhere on the two ladders."""
    parts = module.split(".")[1:]
    if not parts:
        return None
    feature = parts[0]
    if feature in KNOWS_EVERYBODY or (feature in GROUND and len(parts) == 1):
        return Place(feature)
    if feature == "web" or feature in ROOMLESS:
        return Place(feature)
    if module.startswith(DEMO):
        return Place(feature, "demo")
    if feature in FEATURES or feature == "youth":
        return Place(feature, parts[1]) if len(parts) > 1 and parts[1] in ROOMS else None
    return None


def modules() -> dict[str, Path]:
    """Every module of the site by name; packages under the name of their folder."""
    result = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        result[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return result


MODULES = modules()


def imports_of(source: str, known: frozenset[str] = frozenset(MODULES)) -> Iterator[tuple[int, str]]:
    """Line and full name of everything ``source`` imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield node.lineno, full if full in known else base
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"import_module", "__import__"}:
                yield node.lineno, "an import by name at run time"


def why_not(importer: str, imported: str) -> str | None:
    """Why ``importer`` may not import ``imported``; None when it may."""
    here = place_of(importer)
    if here is None:
        return f"{importer} stands nowhere: name its feature or room in this test"
    top = imported.split(".")[0]
    if not top.isidentifier():
        return f"{imported} hides what is imported"
    if top != "lms":
        return _why_not_outside(here, importer, top)
    there = place_of(imported)
    if there is None:
        return f"{imported} is no room"
    if here.feature in KNOWS_EVERYBODY:
        return None
    if there.feature in GROUND:
        blind = here.feature in ROOMLESS or here.feature == "youth" or here.room == "rules"
        return "rules, content and didactics know no database" if blind and imported in SEES_THE_DATABASE else None
    if here.feature in GROUND:
        return "the ground floor knows no feature"
    if there.feature in KNOWS_EVERYBODY:
        return "only app and cli know everybody"
    if here.feature == "web":
        fits = there.feature == "web" or imported.startswith(WEB_MAY)
        return None if fits else "web may know people.queries, people.rules and content"
    if there.feature == "web":
        return None if here.serves_pages else "only views and forms stand on web"
    return _why_not_between_features(here, there)


def _why_not_outside(here: Place, importer: str, top: str) -> str | None:
    allowed = here.serves_pages or (importer == "lms.database" and top == "flask_sqlalchemy")
    if top in HTTP and not allowed:
        return f"only views, forms, web, app and cli know {top}"
    if top in DATABASE and (here.feature in ROOMLESS or here.feature == "youth" or here.room == "rules"):
        return "rules, content and didactics know no database"
    return None


def _why_not_between_features(here: Place, there: Place) -> str | None:
    if here.feature == "youth" or there.feature == "youth":
        fits = here.feature == "youth" and there.feature in YOUTH
        return None if fits else "youth stands on content and didactics alone"
    if FEATURES.index(there.feature) > FEATURES.index(here.feature):
        return f"{here.feature} stands below {there.feature}"
    same_room = here.feature == there.feature and here.room == there.room
    if same_room or there.feature in ROOMLESS or there.height < here.height:
        return None
    return f"{here.room} may import strictly lower rooms, not {there.room} of {there.feature}"


def broken_imports(module: str) -> Iterator[str]:
    """What one module imports and may not, with file and line."""
    path = MODULES[module]
    stays_empty = path.name == "__init__.py" and place_of(module) is None
    for line, imported in imports_of(path.read_text(encoding="utf-8")):
        if stays_empty:
            # The outermost one sets how the interpreter works, before anything of the site is loaded.
            reason = None if (module, imported) == ("lms", "gc") else "the folder of a feature stays empty"
        else:
            reason = None if imported == "__future__" else why_not(module, imported)
        if reason is not None:
            yield f"{path.relative_to(ROOT)}:{line}: {reason}"


def test_imports_only_go_down() -> None:
    broken = sorted({line for module in MODULES for line in broken_imports(module)})
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        ("lms.people.views", "from lms.schools.rules import Stage"),
        ("lms.people.queries", "from lms.people.actions import ask_code"),
        ("lms.learning.actions", "from lms.people.actions import sign_out"),
        ("lms.learning.actions", "from lms.people import actions"),
        ("lms.learning.actions", "def hidden():\n    import lms.people.actions"),
        ("lms.learning.rules", "from lms.database import db"),
        ("lms.learning.rules", "import sqlalchemy.orm"),
        ("lms.didactics.dialogue", "from lms.people.rules import initials"),
        ("lms.content.reader", "from lms.didactics.dialogue import replay"),
        ("lms.people.actions", "from flask import session"),
        ("lms.people.queries", "from flask_login import current_user"),
        ("lms.people.actions", "from lms.web.pages import library"),
        ("lms.mail", "from lms.people.tables import Person"),
        ("lms.database", "from flask import g"),
        ("lms.web.access", "from lms.people.actions import sign_out"),
        ("lms.web.access", "from lms.learning.queries import has_open_pack_clause"),
        ("lms.pack.views", "from lms.learning.views import blueprint"),
        ("lms.pack.views", "from lms.app import create_app"),
        ("lms.pack.views", "import importlib\nimportlib.import_module('lms.app')"),
        ("lms.pack.views", "from . import rules"),
        ("lms.pack.views", "from lms.people import Person"),
        ("lms.pack.helpers", "import re"),
        ("lms.youth.rules", "from lms.people.rules import initials"),
    ],
)
def test_each_way_to_break_the_rule_is_seen(importer: str, source: str) -> None:
    """The sabotaged twin: without this, a rule that allows everything would pass."""
    known = frozenset({*MODULES, "lms.people.actions"})
    assert [reason for _, imported in imports_of(source, known) if (reason := why_not(importer, imported))]


@pytest.mark.parametrize(
    ("importer", "source"),
    [
        ("lms.learning.views.lessons", "from lms.learning.views.course import lesson_url"),
        ("lms.monitoring.views", "from lms.schools.forms import SchoolForm"),
        ("lms.schools.actions", "from lms.people.queries import find_code"),
        ("lms.learning.rules", "from lms.content.models import Course"),
        ("lms.people.tables", "from lms.people.rules import fingerprint"),
        ("lms.youth.rules", "from lms.didactics.dialogue import replay"),
    ],
)
def test_the_ways_down_are_open(importer: str, source: str) -> None:
    assert [why_not(importer, imported) for _, imported in imports_of(source)] == [None]


def test_every_feature_and_room_has_a_place() -> None:
    nameless = [name for name, path in MODULES.items() if path.name != "__init__.py" and place_of(name) is None]
    assert not nameless, f"no place on the ladders for {nameless}"


COMMITS = {"actions", "demo"}


def test_only_actions_commit() -> None:
    """One action is one transaction; the outbox worker of ``lms.mail`` has its own."""
    found = []
    for name, path in MODULES.items():
        place = place_of(name)
        if place is None or place.room in COMMITS or name == "lms.mail":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "commit":
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not found


# What takes a tenth of a second or more to import, and the one module of ours that stands on it.
SLOW = {"fontTools": "lms.web.typefaces", "alembic": "lms.schema"}


@pytest.mark.slow
@pytest.mark.parametrize(("library", "ours"), SLOW.items())
def test_a_start_imports_nothing_slow_that_it_rarely_needs(library: str, ours: str) -> None:
    at_start = {
        name
        for name, path in MODULES.items()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        for _, imported in imports_of(ast.unparse(node))
        if isinstance(node, ast.Import | ast.ImportFrom) and {library, ours} & {imported, imported.split(".")[0]}
    }
    assert at_start == {ours}
