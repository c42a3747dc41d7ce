"""What a page costs on a small site and on the largest one: ``.venv/bin/python -m bench.growth``.

Two sites stand in one process, each on a database of its own that ``lms seed`` filled. Every page is asked from both in
turn, so a machine that is slow for a while is slow for both; CPU time of the process is what counts, the median of the
rounds. Beside it stands how many statements a page sends. The exit code is 1 when a page is over its bound.
"""

from __future__ import annotations

import argparse
import contextvars
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, func, select

from bench.site import site_environment

# What is asked: statements at most, and CPU on the large site over that on the small one.
STAFF, LEARNER = (10, 1.3), (6, 1.15)
FRAME = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|PRAGMA|SET |SAVEPOINT|RELEASE)", re.IGNORECASE)
WARM = 3

STAFF_PAGES = (
    "/vandaag", "/vandaag?wie=mij", "/scholen", "/scholen?toon=zonder", "/scholen?toon=bezig", "/scholen?toon=gebruik",
    "/scholen?zoek=demo", "/scholen/{school}", "/overzicht", "/overzicht?jaar=2025&soort=scholen",
    "/overzicht?gemeente=Genk", "/overzicht/scholen", "/overzicht/scholen?feit=zonder",
    "/overzicht/scholen?feit=gebruik", "/overzicht/begeleiders", "/overzicht/begeleiders?stand=bezig",
    "/overzicht/begeleiders?stand=klaar-in-jaar", "/overzicht/sessies", "/overzicht/aanspreekpunten",
    "/overzicht/geschiedenis", "/overzicht/jaarverslag", "/scholen/{school}/samenvoegen", "/begeleiders/{busy}",
    "/vragen", "/vragen?toon=mijn", "/vragen?toon=beantwoord", "/herinneringen", "/herinneringen/blijven-steken",
    "/bijvragen", "/vragen/{question}", "/scholen/{school}/september", "/scholen/{school}/aanspreekpunt",
    "/vandaag?groep=acties", "/vandaag?groep=vragen", "/vandaag?groep=zonder-aanspreekpunt",
    "/vandaag?groep=staat-stil", "/scholen/dubbels",
)  # fmt: skip
# The pages of one school, one person or one import that are not here hold forms with as much as fits on one page.
ADMIN_PAGES = ("/beheer", "/beheer?zoek=demo")
LEARNER_PAGES = (
    "/navorming", "{lesson}", "/navorming/mijn-antwoorden", "/navorming/wat-leerde-ik", "/account", "/werkvormen",
)  # fmt: skip
FINISHED_PAGES = ("/pakket", "/pakket/{session}", "/pakket/groepen", "/pakket/opwarmen", "/pakket/planner/{session}")


@dataclass(frozen=True, kw_only=True)
class Site:
    """One of the two sites, with the cookie of each visitor and what stands in the addresses."""

    app: Flask
    cookies: dict[str, str]
    names: dict[str, Any]

    def ask(self, who: str, path: str) -> tuple[int, float]:
        """Status, and CPU milliseconds of the process."""
        client = self.app.test_client(use_cookies=False)
        began = time.process_time()
        reply = contextvars.Context().run(client.get, path, headers={"Cookie": self.cookies[who]})
        spent = 1000 * (time.process_time() - began)
        return reply.status_code, spent

    def statements(self, who: str, path: str) -> int:
        """How many statements the page sends."""
        from lms.database import db

        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            if not FRAME.match(statement):
                seen.append(statement)

        with self.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            self.ask(who, path)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)


def open_site(folder: Path, size: tuple[int, int, int]) -> Site:
    """The site in ``folder``; its database is made and filled when there is none yet."""
    from lms import schema
    from lms.app import create_app
    from lms.config import Config
    from lms.database import db
    from lms.dev import demo
    from lms.dev.seed import seed
    from lms.dev.seed_people import Size
    from lms.monitoring.actions.figures import gather_figures

    app = create_app(Config.from_environment(site_environment(folder, 8000)), watch_content=False)
    library = app.extensions["shelf"].library
    with app.app_context():
        schema.migrate(db.engine)
        if demo.is_empty():
            began = time.perf_counter()
            schools, people, attempts = size
            seed(library, Size(schools=schools, people=people, attempts=attempts))
            demo.add_person(demo.STAFF)
            demo.add_person(demo.ADMIN)
            print(f"{folder}: filled in {time.perf_counter() - began:.0f} s")
        began = time.perf_counter()
        gather_figures(library.course)
        print(f"{folder}: figures gathered in {time.perf_counter() - began:.2f} s")
        names = _names(app)
        cookies = {who: _cookie(app, address) for who, address in names.pop("addresses").items()}
        db.session.remove()
    return Site(app=app, cookies=cookies, names=names)


def _names(app: Flask) -> dict[str, Any]:
    """A school, a begeleider who is busy and one who finished, each with about as much as the average."""
    from lms.database import db
    from lms.dev import demo
    from lms.learning.tables import Completion, Evidence
    from lms.pack.tables import Question
    from lms.people.tables import Person
    from lms.schools.tables import Membership

    library = app.extensions["shelf"].library
    people = func.count(Membership.id)
    school = db.session.scalar(
        select(Membership.school_id)
        .where(Membership.ended_at.is_(None))
        .group_by(Membership.school_id)
        .order_by(func.abs(people - 16), Membership.school_id)
    )
    shown = func.count(Evidence.id)
    has_finished = select(Completion.id).where(Completion.person_id == Evidence.person_id).exists()
    busy = db.session.scalar(
        select(Evidence.person_id).where(~has_finished).group_by(Evidence.person_id).order_by(func.abs(shown - 15))
    )
    finished = db.session.scalar(select(Completion.person_id).order_by(Completion.id))
    addresses = {
        "begeleider": db.session.scalar(select(Person.email).where(Person.id == busy)),
        "klaar": db.session.scalar(select(Person.email).where(Person.id == finished)),
        "os": demo.STAFF.email,
        "beheerder": demo.ADMIN.email,
    }
    module = library.course.modules[0]
    lesson = f"/navorming/{module.slug}/{module.lessons[0].slug}"
    return {
        "school": school, "busy": busy, "lesson": lesson, "session": library.sessions[0].slug, "addresses": addresses,
        "question": db.session.scalar(select(func.min(Question.id)).where(Question.sent_at.is_not(None))),
    }  # fmt: skip


def _cookie(app: Flask, address: str) -> str:
    from lms.dev import demo

    token = demo.open_session(address).token
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'_user_id': token, '_fresh': True})}"


def cases(only: str) -> Iterator[tuple[str, str, tuple[int, float]]]:
    """Who asks for what, and its bounds."""
    for who, pages, bounds in (
        ("os", STAFF_PAGES, STAFF),
        ("beheerder", ADMIN_PAGES, STAFF),
        ("begeleider", LEARNER_PAGES, LEARNER),
        ("klaar", FINISHED_PAGES, LEARNER),
    ):
        for page in pages:
            if only in page:
                yield who, page, bounds


def measure(small: Site, large: Site, rounds: int, only: str) -> bool:
    """Print the table; whether every page stays within its bounds."""
    print(f"{'page':<46} {'statements':>10}   {'CPU ms, small':>13} {'large':>8} {'ratio':>7} {'at most':>8}")
    good = True
    for who, page, (most, bound) in cases(only):
        sides = [(site, page.format(**site.names)) for site in (small, large)]
        status = [site.ask(who, path)[0] for site, path in sides for _ in range(WARM)]
        if set(status) != {200}:
            print(f"{page:<46} {'answers ' + str(sorted(set(status))):>10}")
            good = False
            continue
        counts = [site.statements(who, path) for site, path in sides]
        spent: list[list[float]] = [[], []]
        for _ in range(rounds):
            for side, (site, path) in enumerate(sides):
                spent[side].append(site.ask(who, path)[1])
        before, after = (statistics.median(values) for values in spent)
        fits = after / before <= bound and max(counts) <= most
        good = good and fits
        mark = "" if fits else "  over"
        print(
            f"{page:<46} {counts[0]:>4} {counts[1]:>5}   {before:>13.2f} {after:>8.2f} {after / before:>7.2f} "
            f"{bound:>8.2f}{mark}",
            flush=True,
        )
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--small", type=int, nargs=3, default=(10, 167, 3_333), metavar=("SCHOOLS", "PEOPLE", "ANSWERS")
    )
    parser.add_argument(
        "--large", type=int, nargs=3, default=(3_000, 50_000, 1_000_000), metavar=("SCHOOLS", "PEOPLE", "ANSWERS")
    )
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", help="only pages with this in their address")
    parser.add_argument("--folder", type=Path, help="keep the databases here, for a next time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        small = open_site(folder / "small", tuple(options.small))
        large = open_site(folder / "large", tuple(options.large))
        sys.exit(0 if measure(small, large, options.rounds, options.only) else 1)


if __name__ == "__main__":
    main()
