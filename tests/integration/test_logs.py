"""Nothing that is secret or somebody's own reaches a log: real processes, in production, with all they can say."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pyotp
import pytest
from bs4 import BeautifulSoup

from lms.config import ROOT, Config
from lms.content.library import find_exercise
from lms.content.models import Reflection
from lms.content.reader import read_library
from tests import nursery
from tests.integration.test_mail import SENDER, Postbox
from tests.server import Server, own_config

pytestmark = pytest.mark.slow

ADMIN = "beheerder.kanarie@school.example"


class Person:
    """A browser over the wire, with cookies and the token of the last form it saw."""

    def __init__(self, port: int) -> None:
        self.address, self.jar, self.token = f"http://127.0.0.1:{port}", CookieJar(), ""
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        return self._open(path, None)

    def post(self, path: str, **data: str) -> str:
        return self._open(path, urlencode({"csrf_token": self.token, **data}).encode())

    def _open(self, path: str, body: bytes | None) -> str:
        try:
            with self.opener.open(self.address + path, body, timeout=20) as answer:
                page = answer.read().decode()
        except HTTPError as error:
            page = error.read().decode()
        found = BeautifulSoup(page, "lxml").find("input", {"name": "csrf_token"})
        self.token = str(found["value"]) if found else self.token
        return page

    @property
    def cookie(self) -> str:
        return next(cookie.value or "" for cookie in self.jar)


@dataclass
class Story:
    """What was typed, mailed and kept while the site ran: each word may be in no log."""

    words: dict[str, str] = field(default_factory=dict)

    def found_in(self, log: str) -> set[str]:
        return {name for name, word in self.words.items() if word in log}


@contextmanager
def running(
    config: Config, box: Postbox, log: IO[bytes], *, spoiled: str | None = None
) -> Iterator[tuple[Server, str]]:
    """The site in production with its worker, and the link of its first administrator; what they say goes to ``log``."""
    more = {
        "LMS_ENV": "production",
        "LMS_MAIL_URL": box.url,
        "LMS_MAIL_FROM": SENDER,
        "LMS_CONTACT": SENDER,
        "LMS_BASE_URL": "http://127.0.0.1:8000",
    }
    server = Server(config, spoiled=spoiled, environ=more)
    for words in (["init"], ["create-admin", ADMIN, "Bea Beheerkanarie"]):
        told = nursery.command(words, server.environ).end()
        assert told.code == 0, told.errors
        log.write(told.errors.encode())
    server.log = log
    with server:
        worker = nursery.start(["lms", "worker"], server.environ, log.fileno(), log.fileno())
        try:
            yield server, told.out.split("/medewerker-worden/")[1].strip()
        finally:
            worker.send(signal.SIGTERM)
            worker.code()


def newest_mail(box: Postbox, recipient: str, seen: int) -> str:
    """The text of the first mail after ``seen`` to this address, once it arrived."""
    until = time.monotonic() + 40
    while time.monotonic() < until:
        for mail in box.mails[seen:]:
            if mail["To"] == recipient:
                return str(mail.get_content())
        time.sleep(0.05)
    raise AssertionError(f"no mail to {recipient}")


def sign_in(person: Person, box: Postbox, address: str) -> str:
    """Ask a code, type a wrong one, then the right one; gives it."""
    seen = len(box.mails)
    person.get("/aanmelden")
    person.post("/aanmelden", email=address)
    code = _code_in(newest_mail(box, address, seen))
    person.post("/aanmelden/code", code="kanarie-verkeerde-code")
    person.post("/aanmelden/code", code=code)
    return code


def _code_in(mail: str) -> str:
    found = re.search(r"Je code is (\d{6})", mail)
    assert found is not None
    return found.group(1)


def tell(server: Server, box: Postbox, admin_token: str) -> Story:
    """Somebody registers and answers, an administrator asks an aanspreekpunt, and a lot goes wrong."""
    story = Story()
    words = story.words
    words["name"], words["address"] = "Nele Naamkanarie", "nele.kanarie@school.example"
    words["wish"] = "Wenskanarie in Genk"
    nele = Person(server.port)
    nele.get("/registreren")
    nele.post("/registreren", name=words["name"], email=words["address"], school="anders", wish=words["wish"])
    body = newest_mail(box, words["address"], 0)
    words["code"] = _code_in(body)
    nele.post("/registreren/code", code=words["code"])
    words["cookie"] = nele.cookie
    words["wrong code"] = "kanarie-verkeerde-code"
    words["answer"] = "Antwoordkanarie: ik vraag morgen eerst door."
    place, exercise = first_reflection(server.config)
    page = nele.get(place)
    key = BeautifulSoup(page, "lxml").find("input", {"name": "key"})
    assert key is not None
    assert "Antwoordkanarie" in nele.post(f"{place}/{exercise}", key=str(key["value"]), text=words["answer"])
    words["token in an address"] = "kanarie-token-in-het-adres"
    nele.get(f"/uitnodiging/{words['token in an address']}")
    nele.get(f"/attest/{words['token in an address']}")
    words["search"] = "zoekkanarie"
    nele.get(f"/scholen?zoek={words['search']}")
    nele.token = words["form token"] = "kanarie-formuliersleutel"
    nele.post("/afmelden", note=words["answer"])
    # Too long: the server may say no and hang up before it has read all of it.
    with suppress(URLError):
        nele.post("/navorming", long="kanarie" * 200_000)
    words["link of the first administrator"] = admin_token
    first = Person(server.port)
    first.get(f"/medewerker-worden/{admin_token}")
    first.post(f"/medewerker-worden/{admin_token}")
    tell_of_staff(server, box, words)
    return story


def tell_of_staff(server: Server, box: Postbox, words: dict[str, str]) -> None:
    bea = Person(server.port)
    words["code of staff"] = sign_in(bea, box, ADMIN)
    page = bea.get("/aanmelden/tweede-stap")
    found = re.search(r"Sleutel: <b[^>]*>([A-Z2-7]+)</b>", page)
    assert found is not None
    words["TOTP secret"] = found.group(1)
    words["TOTP code"] = pyotp.TOTP(words["TOTP secret"]).now()
    bea.post("/aanmelden/tweede-stap", code=words["TOTP code"])
    words["cookie of staff"] = bea.cookie
    bea.get("/scholen/nieuw")
    page = bea.post("/scholen/nieuw", name="Kanarieschool", kind="so", municipality="Bree")
    school = re.search(r"/scholen/(\d+)/aanspreekpunt", page)
    assert school is not None, page[:500]
    words["asked"], words["asked address"] = "Guy Vraagkanarie", "guy.kanarie@school.example"
    seen = len(box.mails)
    bea.get(f"/scholen/{school.group(1)}/aanspreekpunt")
    bea.post(f"/scholen/{school.group(1)}/aanspreekpunt", name=words["asked"], email=words["asked address"])
    mail = newest_mail(box, words["asked address"], seen)
    token = re.search(r"/uitnodiging/(\S+)", mail)
    assert token is not None
    words["invitation"], words["mail"] = token.group(1), "vraagt of jij het aanspreekpunt wil zijn"
    guy = Person(server.port)
    guy.get(f"/uitnodiging/{words['invitation']}")
    guy.post(f"/uitnodiging/{words['invitation']}")
    guy.get("/account/verwijderen")
    guy.post("/account/verwijderen")
    box.before = lambda _mail: "550 kanarie of the mail server"
    words["answer of the mail server"] = "kanarie of the mail server"
    refused = Person(server.port)
    refused.get("/aanmelden")
    refused.post("/aanmelden", email="geweigerd.kanarie@school.example")
    words["refused address"] = "geweigerd.kanarie@school.example"
    box.controller.stop()
    time.sleep(3)
    refused.get("/aanmelden")
    refused.post("/aanmelden", email="niemand.kanarie@school.example")
    time.sleep(4)


def first_reflection(config: Config) -> tuple[str, str]:
    """The page of a lesson that may be opened at once and has a private note, and the id of that note."""
    library = read_library(config.courses)
    for module in library.course.modules:
        for lesson in module.lessons if module.after is None else ():
            for exercise in lesson.exercises:
                if isinstance(find_exercise(library, exercise.id), Reflection):
                    return f"/navorming/{module.slug}/{lesson.slug}", exercise.id
    raise AssertionError("no reflection in the course")


@pytest.fixture
def box() -> Iterator[Postbox]:
    """A mail server that the story stops on the way."""
    box = Postbox()
    box.controller.start()
    yield box
    # The story stopped it already, unless it broke off before.
    with suppress(RuntimeError, AssertionError):
        box.controller.stop()


@pytest.fixture
def own(config: Config, new_database: Callable[[], str], tmp_path: Path) -> Config:
    return own_config(config, tmp_path / "data", new_database(), ROOT / "courses")


def log_of(own: Config, box: Postbox, tmp_path: Path, **how: Any) -> tuple[Story, str]:
    path = tmp_path / "log.txt"
    with path.open("wb") as log, running(own, box, log, **how) as (server, admin_token):
        story = tell(server, box, admin_token)
    return story, path.read_text(encoding="utf-8", errors="replace")


def test_no_log_holds_what_was_typed_mailed_or_kept(own: Config, box: Postbox, tmp_path: Path) -> None:
    story, log = log_of(own, box, tmp_path)
    assert len(story.words) >= 12 and len(set(story.words.values())) == len(story.words)
    assert "mail server not reachable" in log, "the log was not caught"
    assert story.found_in(log) == set() and "kanarie" not in log.lower()


@pytest.mark.sqlite_alone
def test_a_site_that_logs_what_is_posted_is_caught(own: Config, box: Postbox, tmp_path: Path) -> None:
    """The sabotaged twin."""
    story, log = log_of(own, box, tmp_path, spoiled="talkative_app")
    found = story.found_in(log)
    assert {"name", "address", "code", "cookie", "answer", "TOTP code"} <= found
