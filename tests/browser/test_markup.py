"""Nothing that somebody typed, and nothing that stands in the course files, becomes markup or script on any page.

Every column of the database that holds text for people, and every text of the content, is filled with a mark that
breaks out of texts, attributes, scripts and templates. Every page is then asked for, by everybody who may see it;
those in which the mark stands, in whatever form, are opened in Chromium, and every form is sent with the mark in it.
The mark is looked for in the document itself: the policy of the site would keep it from running, and the policy is
no excuse.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from playwright.sync_api import Browser, Page
from pydantic.fields import FieldInfo
from sqlalchemy import JSON, Date, select
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, make_server

from lms import schema
from lms.app import create_app
from lms.clock import now
from lms.config import Config
from lms.content.models import Library, Model, OwnQuestion, Reflection
from lms.content.problems import Problem
from lms.database import Base, db
from lms.learning.actions import object_to_verdict, submit_answer
from lms.learning.forms import new_key
from lms.learning.rules.completion import ChangeKind
from lms.learning.tables import Completion, CompletionChange
from lms.mail import MailServer, OutboxMail, compose
from lms.people.tables import Person
from tests.house.test_no_youngsters import ADULTS, ORGANISATIONS, OWN_ANSWERS
from tests.integration.test_access import BY_NAME, World, cases, make_world
from tests.server import forge, free_port, let_in

Anything = TypeVar("Anything")
# What of a JSON column is free text; the rest are ids of content.
FREE_KEYS = {"text", "name", "wish"}
SUM = "133707"


def mark(place: str) -> str:
    """A text that does harm wherever it is not escaped. ``place`` tells where it came from."""
    return (
        f"'\"`--></title></textarea></script></style>{{{{ 7*19101 }}}}<xss-mark data-xss='{place}'>{place}</xss-mark>"
        '<img src=x data-xss onerror=window.xssRan=1>" onfocus=window.xssRan=1 autofocus data-xss x="'
        " javascript:window.xssRan=1 https://x.example/\"onmouseover='window.xssRan=1'"
    )


HARM = """() => {
  const bad = [];
  const query = "xss-mark, [data-xss], [onerror], [onfocus], [onload], [onmouseover]";
  for (const one of document.querySelectorAll(query)) bad.push(one.outerHTML.slice(0, 120));
  for (const one of document.querySelectorAll("[href], [src], [action], [formaction]"))
    for (const name of ["href", "src", "action", "formaction"])
      if (/^\\s*(javascript|data:text|vbscript):/i.test(one.getAttribute(name) ?? "")) bad.push(one.outerHTML.slice(0, 120));
  if (window.xssRan) bad.push("a script of the mark ran");
  if (document.documentElement.textContent.includes("SUM")) bad.push("a template calculated");
  return bad;
}""".replace("SUM", SUM)

SHOWN = """() => {
  const values = [...document.querySelectorAll("input, textarea")].map((one) => one.value);
  const text = [document.documentElement.textContent, ...values].join(" ");
  return [...text.matchAll(/<xss-mark data-xss='([^']*)'/g)].map((found) => found[1]);
}"""

FILL = """([number, text]) => {
  const form = document.forms[number];
  form.noValidate = true;
  for (const one of form.elements) {
    if (one.matches("textarea, input:not([type]), [type=text], [type=email], [type=search]")) one.value = text;
    if (one.matches("[type=radio], [type=checkbox]")) one.checked = true;
  }
  form.submit();
}"""

FORMS = """() => [...document.forms].map((form, number) => [number, form]).filter(([, form]) =>
  form.querySelector("textarea, input:not([type]), [type=text], [type=email], [type=search]"))
  .map(([number, form]) => [number, `${form.method} ${new URL(form.action).pathname}`])"""
# How a mark is written in a page, as far as the place that it tells.
MARK = re.compile(r"xss-mark.{,50}", re.DOTALL)
# The same as FORMS, for a page that no browser opened.
TEXT_FIELDS = ".//textarea | .//input[not(@type) or @type='text' or @type='email' or @type='search']"


# ── filling everything with the mark ───────────────────────────────────────


def is_text(info: FieldInfo) -> bool:
    """Does this field of the content hold text for people? Ids and choices from a list do not."""
    return "typeset" in repr((info.annotation, info.metadata))


def marked(value: Anything, place: str) -> Anything:
    if isinstance(value, Model):
        fields = type(value).model_fields
        return value.model_copy(
            update={
                name: marked(getattr(value, name), f"{type(value).__name__}.{name}" if is_text(info) else "")
                for name, info in fields.items()
            }
        )
    if isinstance(value, tuple):
        return tuple(marked(one, place) for one in value)  # type: ignore[return-value]
    return f"{value} {mark(place)}" if isinstance(value, str) and place else value  # type: ignore[return-value]


def mark_every_column() -> list[str]:
    """Put the mark in every column of text for people; gives their names."""
    names = [*ADULTS, *ORGANISATIONS, *OWN_ANSWERS]
    for name in names:
        table = Base.metadata.tables[name.partition(".")[0]]
        column = table.columns[name.partition(".")[2]]
        if isinstance(column.type, Date) or "id" not in table.c:
            continue
        for row in db.session.execute(select(table.c.id, column)).all():
            value: Any = f"{row.id} {mark(name)}"
            if isinstance(column.type, JSON):
                value = {key: value if key in FREE_KEYS else old for key, old in (row[1] or {}).items()}
            db.session.execute(table.update().where(table.c.id == row.id).values({column.name: value}))
    db.session.commit()
    return names


@dataclass
class Marked:
    """The site full of marks, in this process. ``shown``: every place of which the mark was read on some page."""

    app: Flask
    url: str
    world: World
    columns: list[str]
    server: BaseWSGIServer
    shown: set[str] = field(default_factory=set)

    @contextlib.contextmanager
    def visit(self, chromium: Browser, name: str, **settings: Any) -> Iterator[Looker]:
        """A fresh browser in which this actor of test_access.py is signed in."""
        # The pages are read and not looked at, and a small window is drawn quickest.
        context = chromium.new_context(viewport={"width": 100, "height": 100}, **settings)
        person, headers = BY_NAME[name].person, {}
        if person is not None:
            with self.app.app_context():
                token = let_in(person(self.world))
            headers["Cookie"] = forge(str(self.app.secret_key), token)[0]
            cookie, _, value = headers["Cookie"].partition("=")
            context.add_cookies([{"name": cookie, "value": value, "url": self.url}])
        yield Looker(self, context.new_page(), headers)
        context.close()

    def page_at(self, path: str) -> str:
        """The endpoint of an address; of addresses at which there is nothing, one for all."""
        try:
            return str(self.app.url_map.bind("127.0.0.1").match(path)[0])
        except HTTPException:
            return "nothing"

    def endpoint_of(self, action: str) -> object:
        """Which form this is: method and endpoint, and the kind of exercise behind an answer."""
        method, _, path = action.partition(" ")
        endpoint, found = self.app.url_map.bind("127.0.0.1").match(unquote(path), method=method.upper())
        library: Library = self.app.extensions["shelf"].library
        exercises = {one.id: one.kind for lesson in library.course.lessons for one in lesson.exercises}
        return method, endpoint, exercises.get(found.get("exercise_id", ""))


@dataclass(frozen=True)
class Asked:
    """``sight``: which page this is, and the marks that stand there as they are written, escaped or not. ``forms``:
    every kind of form with a field for text, and the address it was asked at.
    """

    sight: tuple[str, frozenset[str]]
    forms: dict[object, str]


@dataclass
class Looker:
    """One visitor with a browser. ``refused``: addresses at which nothing was to be seen, or not yet."""

    marks: Marked
    page: Page
    headers: dict[str, str]
    refused: list[str] = field(default_factory=list)

    def ask(self, path: str) -> Asked:
        """What stands at an address, without a browser."""
        client = self.marks.app.test_client(use_cookies=not self.headers)
        answer = client.get(path, headers=self.headers, follow_redirects=True, base_url=self.marks.url)
        if answer.status_code >= 400:
            self.refused.append(path)
        # A file to take along is no page.
        html = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        forms = lxml.html.document_fromstring(html).iter("form") if html else ()
        actions = [
            f"{form.get('method', 'get')} {urlsplit(form.get('action') or answer.request.path).path}"
            for form in forms
            if form.xpath(TEXT_FIELDS)
        ]
        return Asked(
            sight=(self.marks.page_at(answer.request.path), frozenset(MARK.findall(html))),
            forms=dict.fromkeys(map(self.marks.endpoint_of, actions), path),
        )

    def open(self, path: str) -> None:
        self.page.goto(self.marks.url + path, wait_until="domcontentloaded")

    def look(self) -> list[str]:
        """What the mark did on the open page."""
        self.marks.shown |= set(self.page.evaluate(SHOWN))
        return [f"{self.page.url}: {line}" for line in self.page.evaluate(HARM)]

    def forms(self) -> dict[object, int]:
        """The first form of each kind on the open page that has a field for text."""
        return {self.marks.endpoint_of(action): number for number, action in reversed(self.page.evaluate(FORMS))}


def keep_decision_and_objection(library: Library, world: World) -> None:
    """What O&S wrote about somebody, and a bijvraag that somebody did not agree with."""
    completion = db.session.scalars(select(Completion).where(Completion.person_id == world.a.finished)).one()
    db.session.add(
        CompletionChange(completion_id=completion.id, kind=ChangeKind.OPENED, reason="Daarom.", happened_at=now())
    )
    db.session.commit()
    own = next(one for lesson in library.course.lessons for one in lesson.exercises if isinstance(one, OwnQuestion))
    submit_answer(library, own.id, {"text": "Vond je dat leuk?"}, key=new_key(), by=world.a.finished)
    object_to_verdict(library, own.id, by=world.a.finished)


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Marked]:
    port = free_port()
    config = Config(
        environment="development",
        secret_key="a key for the marks alone, long enough to be one",
        data=tmp_path_factory.mktemp("marks"),
        base_url=f"http://127.0.0.1:{port}",
        contact="navorming@demo.example",
    )
    app = create_app(config, watch_content=False)
    library: Library = app.extensions["shelf"].library
    with app.app_context():
        schema.migrate(db.engine)
        world = make_world(app)
        for lesson in library.course.lessons:
            for exercise in lesson.exercises:
                if isinstance(exercise, Reflection):
                    submit_answer(library, exercise.id, {"text": "Een notitie."}, key=new_key(), by=world.a.finished)
        keep_decision_and_objection(library, world)
        columns = mark_every_column()
        db.session.remove()
    problem = Problem("bestand.md", 1, mark("Problem.cause"), mark("Problem.expected"))
    app.extensions["shelf"] = SimpleNamespace(library=marked(library, ""), problems=(problem,))
    server = make_server("127.0.0.1", port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Marked(app=app, url=config.base_url, world=world, columns=columns, server=server)
    server.shutdown()


# ── looking everywhere ─────────────────────────────────────────────────────

LEARNER = "begeleider with open pack"
LOOKERS = ("anonymous", "begeleider", LEARNER, "aanspreekpunt", "O&S")
# Who sends the forms as well; the others have the same ones.
SENDERS = ("anonymous", LEARNER, "O&S")


def paths_of(site: Marked, name: str) -> list[str]:
    """Every page of the matrix of test_access.py and every parameter that a page reads; for a learner every lesson."""
    library: Library = site.app.extensions["shelf"].library
    found = [case.path for case in cases(site.world) if case.method == "GET" and case.endpoint != "public.health"]
    if name == LEARNER:
        for module in library.course.modules:
            found += [f"/navorming/{module.slug}/{lesson.slug}" for lesson in module.lessons]
        found += [f"/navorming/gesprek/{dialogue.slug}" for dialogue in library.course.dialogues]
        found += [f"/pakket/{session.slug}" for session in library.sessions]
    text = "%27%22%3E%3Cxss-mark%20data-xss%3Dquery%3E"
    query = "&".join(
        f"{one}={text}" for one in ("zoek", "toon", "pagina", "next", "via", "start", "opnieuw", "nieuw", "school")
    )
    found += [f"/begeleiders/{site.world.a.finished}", "/bijvragen"]
    places = ("/scholen", "/aanmelden", "/registreren", "/pakket/wie-ben-jij", "/mijn-school", f"/s/{text}", f"/{text}")
    return list(dict.fromkeys([*found, *(f"{place}?{query}" for place in places)]))


@pytest.mark.slow
def test_no_mark_comes_alive_on_any_page_or_in_any_form(marks: Marked, chromium: Browser) -> None:
    """Every page for every kind of visitor; then every kind of form once, with the mark in each field for text."""
    wrong = []
    # A page that shows the same marks, written in the same way, is looked at once, whoever asks for it.
    seen: set[tuple[str, frozenset[str]]] = set()
    for name in LOOKERS:
        with marks.visit(chromium, name) as looker:
            places: dict[object, str] = {}
            for path in paths_of(marks, name):
                found = looker.ask(path)
                places = found.forms | places
                if found.sight[1] and found.sight not in seen:
                    seen.add(found.sight)
                    looker.open(path)
                    wrong += looker.look()
        if name in SENDERS:
            wrong += harm_in_forms(marks, chromium, name, places, looker.refused)
    assert wrong == []
    # Otherwise all this would pass on a site that shows nothing.
    unseen = {column for column in marks.columns if column not in marks.shown}
    unseen -= {
        "sign_in_code.email", "sign_in_code.details", "test_sitting.answers", "completion.followed_on",
        "wrong_tries.email_fingerprint", "email_change.new_email", "staff_invitation.name", "staff_invitation.email",
        # Days are read as days, kept figures are gathered anew, and the rest needs a state that no row alone makes.
        "contact_note.day", "contact_note.next_on", "school.interest_until", "school_figure.municipality",
        "school_figure.address_mark", "school_figure.last_contact", "school_figure.name_mark",
        "school_figure.search_key", "school_figure.words_mark", "taught_figure.organisation",
        "merged_school.municipality", "merged_school.name", "merged_school.number", "school_import.filename",
        "school_import.rows", "reminder.email", "reminder.name", "reminder.why",
    }  # fmt: skip
    assert not unseen, " ".join(sorted(unseen))
    assert {"Problem.cause", "Lesson.title", "ChoiceOption.feedback", "Session.title", "typed"} <= marks.shown
    assert len(marks.shown) > 50


def harm_in_forms(
    marks: Marked, chromium: Browser, name: str, places: dict[object, str], closed: list[str]
) -> list[str]:
    """Send one form of each kind, found at these places, with the mark in every field.

    ``closed``: addresses at which nothing was to be seen.
    """
    wrong, sent = [], set()
    waiting = list(places)
    with marks.visit(chromium, name) as looker:
        while waiting:
            kind = waiting.pop(0)
            looker.open(places[kind])
            number = looker.forms().get(kind)
            # What was sent before can have taken it away, as the question of a test that was handed in.
            if number is None:
                continue
            with looker.page.expect_navigation(wait_until="domcontentloaded"):
                looker.page.evaluate(FILL, [number, mark("typed")])
            sent.add(kind)
            wrong += looker.look()
            if waiting:
                continue
            # Or it opened a page: what was taken back can be given again.
            for path in closed:
                new = {kind: path for kind in looker.ask(path).forms if kind not in places}
                waiting += new
                places |= new
    assert len(sent) >= 2
    return wrong


# ── the twin, and mail ─────────────────────────────────────────────────────


def test_a_name_that_is_not_escaped_is_found_and_would_run(
    marks: Marked, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged twin: one ``|safe`` in one template. Only the policy then stands between the mark and its script."""
    environment = marks.app.jinja_env
    assert environment.loader is not None
    source = environment.loader.get_source(environment, "monitoring/schools.html")[0]
    planted = source.replace("{{ row.name }}", "{{ row.name|safe }}")
    assert planted != source
    monkeypatch.setattr(
        environment, "loader", ChoiceLoader([DictLoader({"monitoring/schools.html": planted}), environment.loader])
    )
    assert environment.cache is not None
    environment.cache.clear()
    try:
        for bypassed in (False, True):
            with marks.visit(chromium, "O&S", bypass_csp=bypassed) as looker:
                looker.open("/scholen")
                wrong = "\n".join(looker.look())
                looker.page.wait_for_timeout(300)
                assert "xss-mark" in wrong
                assert bool(looker.page.evaluate("() => window.xssRan")) is bypassed
    finally:
        environment.cache.clear()


def test_mail_is_plain_text_so_a_mark_in_it_is_only_text(marks: Marked) -> None:
    with marks.app.app_context():
        name = db.session.scalars(select(Person.name)).first()
        mail = compose(
            "colleague_invitation",
            "an@school.example",
            name=name,
            school=mark("school"),
            inviter=name,
            link="x",
            until="y",
        )
        assert mark("school") in mail.body and "\n" not in mail.subject
        message = MailServer(url="smtp://localhost", sender="x@school.example")._message(mail)  # type: ignore[arg-type]
        assert isinstance(mail, OutboxMail)
    assert not message.is_multipart() and message.get_content_type() == "text/plain"
