"""The real server, killed in the middle of its work: what it acknowledged is there when it comes back, once.

The client keeps the ledger: an answer is in it from the moment its 303 was read. A kill of the process cannot show
what a power cut would lose; that is what ``synchronous=FULL`` is for, checked in ``test_database``.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from lms import schema
from lms.app import create_app
from lms.config import Config
from lms.database import db, prepare_engine
from lms.learning import actions
from lms.learning.forms import new_key
from lms.learning.tables import Attempt, Attest, Completion, Evidence
from tests.factories import make_person
from tests.rich_course import TINY
from tests.server import Client, Server, let_in, own_config

pytestmark = pytest.mark.both

WRITERS = 4
FIRST = "/navorming/klein/eerste-les/x1"


@dataclass
class Site:
    """A server of its own, with people who are signed in and the database it stands on."""

    server: Server
    engine: Engine
    app: Flask
    tokens: list[str] = field(default_factory=list)
    people: list[int] = field(default_factory=list)

    def add_person(self) -> int:
        """Somebody new; gives the place in ``tokens`` and ``people``."""
        with self.app.app_context():
            person_id = make_person().id
            self.people.append(person_id)
            self.tokens.append(let_in(person_id))
        return len(self.people) - 1


@pytest.fixture
def site_of_its_own(config: Config, new_database: Callable[[], str], tmp_path: Path) -> Iterator[Site]:
    own = own_config(config, tmp_path / "site", new_database(), TINY)
    app = create_app(own, watch_content=False)
    with app.app_context():
        schema.migrate(db.engine)
    engine = create_engine(own.database)
    prepare_engine(engine)
    site = Site(Server(own), engine, app)
    for _ in range(WRITERS):
        site.add_person()
    yield site
    site.server.kill()
    engine.dispose()
    with app.app_context():
        db.engine.dispose()


class Ledger:
    """What the clients know: the keys that were acknowledged, and all that were ever sent."""

    def __init__(self) -> None:
        self.acknowledged: set[str] = set()
        self.sent: set[str] = set()
        self._lock = threading.Lock()

    def write(self, client: Client, until: threading.Event) -> None:
        """Answer as fast as the server does, until it is gone. A lost connection is tried again with the same key."""
        while not until.is_set():
            key = new_key()
            with self._lock:
                self.sent.add(key)
            try:
                status, _ = client.post(FIRST, {"choice": "b", "key": key})
            except (OSError, http.client.HTTPException):
                return
            assert status == 303, status
            with self._lock:
                self.acknowledged.add(key)

    def check(self, kept: list[str]) -> None:
        """Nothing acknowledged is lost, nothing is there twice, nothing is there that was never sent."""
        counted = Counter(kept)
        assert not self.acknowledged - set(counted), f"lost: {len(self.acknowledged - set(counted))}"
        assert not [key for key, times in counted.items() if times > 1], "kept twice"
        assert set(counted) <= self.sent


def kept(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(Attempt.key)))


def check_whole(engine: Engine) -> None:
    """The database itself is sound, and an attempt never stands without what it showed."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        answered = set(connection.execute(select(Attempt.person_id).distinct()).scalars())
        shown = set(connection.execute(select(Evidence.person_id).distinct()).scalars())
    assert answered == shown


def one_cycle(site: Site, ledger: Ledger, chance: random.Random) -> None:
    """Start, answer with several people at once, kill at a random moment once some answers came through."""
    site.server.start()
    until = threading.Event()
    threads = [
        threading.Thread(target=ledger.write, args=(site.server.call(token), until)) for token in site.tokens[:WRITERS]
    ]
    for thread in threads:
        thread.start()
    enough = len(ledger.acknowledged) + chance.randrange(1, 40)
    give_up = time.monotonic() + 20
    while len(ledger.acknowledged) < enough and time.monotonic() < give_up:
        time.sleep(0.001)
    time.sleep(chance.uniform(0.0, 0.02))
    site.server.kill()
    until.set()
    for thread in threads:
        thread.join()


def retry_the_unsure(site: Site, ledger: Ledger) -> None:
    """What got no answer is sent again with the same key, as a person does: afterwards each is there once."""
    unsure = ledger.sent - ledger.acknowledged
    site.server.start()
    client = site.server.call(site.tokens[0])
    owner = {}
    with Session(site.engine) as session:
        for row in session.execute(select(Attempt.key, Attempt.person_id)):
            owner[row.key] = row.person_id
    for key in unsure:
        # A key belongs to its person; those of others are new to this one.
        if owner.get(key, site.people[0]) == site.people[0]:
            assert client.post(FIRST, {"choice": "b", "key": key})[0] == 303
            ledger.acknowledged.add(key)
    site.server.kill()


@pytest.mark.parametrize("cycles", [2, pytest.param(50, marks=pytest.mark.slow)])
def test_no_acknowledged_answer_is_lost_or_doubled(site_of_its_own: Site, cycles: int) -> None:
    chance = random.Random(cycles)
    ledger = Ledger()
    for _ in range(cycles):
        one_cycle(site_of_its_own, ledger, chance)
        ledger.check(kept(site_of_its_own.engine))
        check_whole(site_of_its_own.engine)
    assert len(ledger.acknowledged) > 10 * cycles, "too few answers to say anything"
    retry_the_unsure(site_of_its_own, ledger)
    ledger.check(kept(site_of_its_own.engine))


@pytest.mark.slow
def test_a_server_that_acknowledges_too_early_is_caught(site_of_its_own: Site) -> None:
    """The sabotaged twin: a server that says yes and writes a moment later."""
    site_of_its_own.server.spoiled = "careless_app"
    ledger = Ledger()
    chance = random.Random(1)
    with pytest.raises(AssertionError, match="lost"):
        for _ in range(5):
            one_cycle(site_of_its_own, ledger, chance)
            ledger.check(kept(site_of_its_own.engine))


@pytest.mark.slow
def test_the_ledger_notices_a_row_that_went_and_one_that_came_twice(site_of_its_own: Site) -> None:
    """The sabotaged twin of the check itself."""
    ledger = Ledger()
    one_cycle(site_of_its_own, ledger, random.Random(2))
    rows = kept(site_of_its_own.engine)
    victim = next(iter(ledger.acknowledged))
    with site_of_its_own.engine.begin() as connection:
        connection.execute(Attempt.__table__.delete().where(Attempt.key == victim))
    with pytest.raises(AssertionError, match="lost"):
        ledger.check(kept(site_of_its_own.engine))
    with pytest.raises(AssertionError, match="twice"):
        ledger.check([*rows, victim])
    with pytest.raises(AssertionError):
        ledger.check([*rows, "never-sent"])


# ── the last answer ────────────────────────────────────────────────────────


def ready_for_the_last(site: Site) -> int:
    """Somebody for whom one answer is all that is missing."""
    place = site.add_person()
    person_id = site.people[place]
    live = site.app.extensions["shelf"].library
    with site.app.app_context():
        actions.submit_answer(live, "x2", {"choice": "a"}, key=new_key(), by=person_id)
        actions.say(live, "d-mini", position=0, option_id="b", by=person_id)
        actions.start_test(live, by=person_id)
        for item in live.course.test.items:
            right = next(option.id for option in item.options if option.correct)
            actions.answer_item(live, item.id, right, by=person_id)
        assert not actions.hand_in_test(live, by=person_id)
    return place


def outcome(engine: Engine, person_id: int) -> tuple[int, int, int, int]:
    """The last answer, its evidence, the completion and the attest of one person."""
    with Session(engine) as session:
        return (
            session.scalar(select(func.count()).where(Attempt.person_id == person_id, Attempt.exercise_id == "x1"))
            or 0,
            session.scalar(select(func.count()).where(Evidence.person_id == person_id, Evidence.ref == "exercise:x1"))
            or 0,
            session.scalar(select(func.count()).where(Completion.person_id == person_id)) or 0,
            session.scalar(
                select(func.count())
                .select_from(Attest)
                .join(Completion, Completion.id == Attest.completion_id)
                .where(Completion.person_id == person_id)
            )
            or 0,
        )


NOTHING, EVERYTHING = (0, 0, 0, 0), (1, 1, 1, 1)


@pytest.mark.slow
def test_killed_during_the_last_answer_leaves_nothing_or_everything(site_of_its_own: Site) -> None:
    rounds = 8
    chance = random.Random(rounds)
    seen: Counter[tuple[int, int, int, int]] = Counter()
    # How many answers long the kill may wait; a slow machine needs more, a fast one less, to see both outcomes.
    patience = 7.0
    for _ in range(rounds):
        places = [ready_for_the_last(site_of_its_own) for _ in range(6)]
        keys = {place: new_key() for place in places}
        acknowledged: set[int] = set()
        site_of_its_own.server.start()
        clients = {place: site_of_its_own.server.call(site_of_its_own.tokens[place]) for place in places}
        pace = warm_up(site_of_its_own)
        begin = threading.Barrier(len(places) + 1)

        def give(
            place: int,
            begin: threading.Barrier = begin,
            clients: dict[int, Client] = clients,
            keys: dict[int, str] = keys,
            acknowledged: set[int] = acknowledged,
        ) -> None:
            begin.wait()
            try:
                status, location = clients[place].post(FIRST, {"choice": "b", "key": keys[place]})
            except (OSError, http.client.HTTPException):
                return
            assert (status, location) == (303, "/navorming/klaar")
            acknowledged.add(place)

        threads = [threading.Thread(target=give, args=(place,)) for place in places]
        for thread in threads:
            thread.start()
        begin.wait()
        time.sleep(chance.uniform(0.0, patience * pace))
        site_of_its_own.server.kill()
        for thread in threads:
            thread.join()
        for place in places:
            found = outcome(site_of_its_own.engine, site_of_its_own.people[place])
            assert found in {NOTHING, EVERYTHING}, found
            assert found == EVERYTHING or place not in acknowledged
            seen[found] += 1
            patience *= 0.9 if found == EVERYTHING else 1.1
        check_packs(site_of_its_own, places, keys)
    assert sum(seen.values()) == 6 * rounds
    assert len(seen) == 2, "every kill came too early or too late to say anything"


def warm_up(site: Site) -> float:
    """Let the server do everything once; gives how long one answer takes it today."""
    client = site.server.call(site.tokens[0])
    for _ in range(5):
        begun = time.monotonic()
        assert client.post(FIRST, {"choice": "b", "key": new_key()})[0] == 303
        pace = time.monotonic() - begun
    return pace


def check_packs(site: Site, places: list[int], keys: dict[int, str]) -> None:
    """The pack is open exactly for who completed; sending the last answer again opens it for the others."""
    site.server.start()
    for place in places:
        client = site.server.call(site.tokens[place])
        complete = outcome(site.engine, site.people[place]) == EVERYTHING
        assert client.get("/pakket/kleine-sessie")[0] == (200 if complete else 403)
        assert client.get("/navorming/klaar")[0] == (200 if complete else 302)
        assert client.post(FIRST, {"choice": "b", "key": keys[place]})[0] == 303
        assert client.get("/pakket/kleine-sessie")[0] == 200
        assert outcome(site.engine, site.people[place]) == EVERYTHING
    site.server.kill()
