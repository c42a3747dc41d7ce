"""What bad input gets: a Dutch sentence at the field, everything typed kept, nothing half done, never an error."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.content.models import Choice, Exercise, Reflection
from lms.database import db
from lms.learning.forms import new_key
from lms.learning.tables import Attempt, DialogueTurnSaid, TestSitting
from lms.mail import OutboxMail
from lms.people.tables import Person, SignInCode
from lms.permissions import Role
from lms.schools.tables import Contact, School, SchoolWish
from tests.factories import make_person, make_school
from tests.visitor import Page
from tests.world import (
    UNKNOWN_ID,
    Browser,
    code_mailed_to,
    database_state,
    end_transaction,
    everything_stored,
    form_token,
    library_of,
    mails_to,
)

POLYGLOT = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}${7*7}"


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One form: where it is, what is right for it, and which of its fields are text somebody types."""

    path: str
    good: dict[str, str]
    typed: tuple[str, ...]
    staff: bool = True
    role: Role = Role.OS_STAFF
    too_long: dict[str, int] = field(default_factory=dict)

    def browser(self, app: Flask) -> Browser:
        browser = Browser(app)
        return browser.sign_in(make_person(role=self.role).id) if self.staff else browser

    def post(self, app: Flask, **changes: str | None) -> Page:
        """The good form with some fields changed; None leaves a field out."""
        browser = self.browser(app)
        merged: dict[str, str | None] = {**self.good, **changes}
        data = {name: value for name, value in merged.items() if value is not None}
        return browser.post(self.path, data, token=form_token(browser))


def channels() -> dict[str, Channel]:
    """The forms of the site, in a world with one school."""
    school = make_school(name="Bestaande School", municipality="Genk")
    number = school.id
    end_transaction()
    register = {"name": "Een Begeleider", "email": "een@school.example", "school": str(number)}
    return {
        "sign in": Channel(
            path="/aanmelden", good={"email": "een@school.example"}, typed=("email",), staff=False,
            too_long={"email": 255},
        ),
        "register": Channel(
            path="/registreren", good=register, typed=("name", "email"), staff=False,
            too_long={"name": 121, "email": 255},
        ),
        "register elsewhere": Channel(
            path="/registreren", good={**register, "school": "anders", "wish": "De Wijzer, Bree"},
            typed=("name", "email", "wish"), staff=False, too_long={"wish": 201},
        ),
        "add a school": Channel(
            path="/scholen/nieuw", good={"name": "Nieuwe School", "kind": "so", "municipality": "Bree"},
            typed=("name", "municipality"), too_long={"name": 161, "municipality": 81},
        ),
        "appoint": Channel(
            path=f"/scholen/{number}/aanspreekpunt", good={"name": "Ann Punt", "email": "ann@school.example"},
            typed=("name", "email"), too_long={"name": 121, "email": 255},
        ),
        "invite staff": Channel(
            path="/beheer/nieuw", good={"name": "Omar Volgt", "email": "omar@school.example", "role": "os"},
            typed=("name", "email"), too_long={"name": 121, "email": 255}, role=Role.ADMIN,
        ),
        "own name": Channel(path="/account/naam", good={"name": "Andere Naam"}, typed=("name",), too_long={"name": 121}),
        "own address": Channel(
            path="/account/mail", good={"email": "elders@school.example"}, typed=("email",), too_long={"email": 255}
        ),
    }  # fmt: skip


NAMES = (
    "sign in",
    "register",
    "register elsewhere",
    "add a school",
    "appoint",
    "invite staff",
    "own name",
    "own address",
)


def fields_of(page: Page) -> dict[str, str]:
    """What the controls of a page hold, as a browser would send it."""
    assert page.soup is not None
    found = {}
    for tag in page.soup.find_all(["input", "textarea"]):
        if tag.get("type") in {"radio", "checkbox"} and not tag.has_attr("checked"):
            continue
        found[str(tag.get("name"))] = str(tag.get("value", "") if tag.name == "input" else tag.get_text())
    for tag in page.soup.find_all("select"):
        chosen = tag.find("option", selected=True)
        found[str(tag["name"])] = str(chosen["value"]) if chosen else ""
    return found


def assert_refused_at(page: Page, name: str) -> str:
    """The page says with 422 what is wrong, at the field and in a summary that links to it; gives the sentence."""
    assert page.status == 422, page.text
    assert page.soup is not None
    control = page.soup.find(attrs={"name": name})
    assert control is not None and (control.get("aria-invalid") == "true" or control.find_parent("fieldset"))
    message = page.soup.find(id=f"{name}-fout")
    assert message is not None
    summary = page.soup.find(id="foutmelding")
    assert summary is not None and summary.find("a", href=f"#{name}") is not None
    sentence = message.get_text(" ", strip=True).removeprefix("Fout:").strip()
    assert sentence[0].isupper() and sentence.endswith(".") and len(sentence.split()) >= 4
    assert not any(word in sentence.lower() for word in ("invalid", "field", "required", "not a valid"))
    return sentence


# What no field of text takes: missing, empty, and characters that cannot be.
IMPOSSIBLE = (
    None,
    "",
    "   ",
    "\x00",
    "a\x00b",
    "\u202eomgekeerd",
    "a\u2066b",
    "een\r\nBcc: x@evil.example",
    "\x1b[31m",
)


@pytest.mark.parametrize("channel", NAMES)
def test_a_good_form_is_accepted(app: Flask, channel: str) -> None:
    """Otherwise everything below would be refused for another reason."""
    assert channels()[channel].post(app).status == 303


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("channel", NAMES)
def test_missing_and_impossible_text_is_refused_at_the_field_and_nothing_is_kept(app: Flask, channel: str) -> None:
    form = channels()[channel]
    for name in form.typed:
        for value in IMPOSSIBLE:
            before = database_state(without=frozenset({"person", "sign_in"}))
            page = form.post(app, **{name: value})
            assert_refused_at(page, name)
            # What was right stays in the form.
            kept = fields_of(page)
            for other in set(form.good) - {name}:
                assert kept[other] == form.good[other], f"{name}={value!r}: {other} was lost"
            assert database_state(without=frozenset({"person", "sign_in"})) == before, f"{name}={value!r}"


@pytest.mark.parametrize("channel", NAMES)
def test_text_that_is_too_long_is_refused_and_kept_to_be_made_shorter(app: Flask, channel: str) -> None:
    form = channels()[channel]
    for name, length in form.too_long.items():
        text = "a" * (length - len("@school.example")) + "@school.example" if name == "email" else "a" * length
        page = form.post(app, **{name: text})
        assert_refused_at(page, name)
        assert fields_of(page)[name] == text
        # The last length that fits is taken.
        if name != "email":
            assert form.post(app, **{name: text[:-1]}).status == 303


# The form of the own name has one field, and markup in it is a name like any other: there is no page to come back.
@pytest.mark.parametrize("channel", [name for name in NAMES if name != "own name"])
def test_nothing_that_was_typed_comes_back_as_html(app: Flask, channel: str) -> None:
    form = channels()[channel]
    for name in form.typed:
        # Each field once with markup beside an error elsewhere, so that the page comes back with it.
        other = next((field for field in form.typed if field != name), name)
        page = form.post(app, **{name: POLYGLOT, **({other: ""} if other != name else {})})
        assert page.status == 422
        source = page.response.get_data(as_text=True)
        assert "<script>alert(2)" not in source and "<img src=x" not in source
        assert "49" not in fields_of(page)[name]
        assert fields_of(page)[name] == POLYGLOT, "what was typed is kept letter by letter"


@pytest.mark.sqlite_alone
def test_a_form_of_ten_megabytes_is_refused_as_too_large(app: Flask) -> None:
    for form in channels().values():
        before = database_state(without=frozenset({"person", "sign_in"}))
        page = form.post(app, **{form.typed[0]: "a" * 10_000_000})
        assert page.status == 413
        assert "groot" in page.text or "lang" in page.text
        assert database_state(without=frozenset({"person", "sign_in"})) == before


@pytest.mark.parametrize("channel", NAMES)
def test_fields_that_no_form_has_are_ignored(app: Flask, channel: str) -> None:
    """Every column of every table as an extra field changes no column but those of the form."""
    form = channels()[channel]
    columns = {column.name for table in (Person, School, Contact, SignInCode) for column in table.__table__.columns}
    page = form.browser(app).get(form.path).soup
    assert page is not None
    asked = {str(tag["name"]) for tag in page.find_all(["input", "textarea", "select"]) if tag.get("name")}
    extra = dict.fromkeys(columns - set(form.good) - asked - {"kind", "role", "next"}, "2001-01-01")
    assert form.post(app, **extra, role="beheerder").status == 303
    end_transaction()
    assert set(db.session.scalars(select(Person.role))) <= {form.role}
    stored = everything_stored()
    assert "2001-01-01" not in stored and "(2001, 1, 1" not in stored


@pytest.mark.parametrize("channel", NAMES)
def test_of_a_field_that_stands_twice_the_first_counts(app: Flask, channel: str) -> None:
    form = channels()[channel]
    browser = form.browser(app)
    data: dict[str, list[str] | str] = {name: [value, POLYGLOT] for name, value in form.good.items()}
    page = browser._open("POST", form.path, False, data={"csrf_token": form_token(browser), **data})
    assert page.status == 303
    assert "alert(1)" not in everything_stored()


@pytest.mark.sqlite_alone
@pytest.mark.parametrize(
    "body",
    [b"", b"=", b"&&&", b"%", b"%ff=%fe", b"name=%80%81&email=%c3%28", b'{"name": "x"}', b"<xml/>", b"\x00\x01\x02",
     b"name=" + b"&name=" * 400],
)  # fmt: skip
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "application/json", "multipart/form-data", "x/y"]
)
def test_a_body_that_is_no_form_is_refused_in_words(app: Flask, body: bytes, kind: str) -> None:
    page = Browser(app)._open("POST", "/registreren", False, data=body, content_type=kind)
    assert page.status in {400, 413, 422}
    assert page.title


# ── names and mail ─────────────────────────────────────────────────────────

REAL_NAMES = [
    "Sean O'Neill", "Ægir Þórsson", "Zoë-Anne D’Hondt", "Ngọc Nguyễn", "Jean-Pierre Van den Broecke", "Ω. Łukasz",
    "İbrahim Şahin", "Van 't Hof", "Q", "José María Ñandú", "李小龙", "محمد", "Mc<b>Donald</b>", "=1+1", "+32 Bo",
    "@naam",
    "-An", "{{ 7*7 }}", "Robert'); DROP TABLE person;--", "null", "O&S",
]  # fmt: skip


@pytest.mark.parametrize("name", REAL_NAMES)
def test_a_real_name_is_kept_letter_by_letter_wherever_it_shows(app: Flask, name: str) -> None:
    form = channels()["register"]
    browser = Browser(app)
    browser.post("/registreren", {**form.good, "name": name}, token=form_token(browser))
    code = code_mailed_to("een@school.example")
    assert browser.post("/registreren/code", {"code": code}, token=form_token(browser)).status == 303
    end_transaction()
    assert db.session.scalars(select(Person.name)).one() == name
    shown = browser.get("/account")
    assert name in shown.text
    assert "<b>Donald" not in shown.response.get_data(as_text=True)


def test_spaces_around_and_inside_a_name_are_tidied(app: Flask) -> None:
    assert channels()["appoint"].post(app, name="  Ann \u00a0  Punt ").status == 303
    end_transaction()
    assert db.session.scalars(select(Contact.name)).one() == "Ann Punt"


@pytest.mark.sqlite_alone
@pytest.mark.parametrize(
    "address",
    ["x", "x@", "@school.example", "x@school", "x y@school.example", "x@school..example",
     "x@school.example\nBcc: y@z.be",
     "x@school.example,y@school.example", "x@school.example; y@school.example", "<x@school.example>",
     "Jan <x@school.example>", "x@-school.example", "x@[127.0.0.1]", "\"a b\"@school.example", "x@school.example\x00",
     "x@@school.example", "x@school.example%0d%0aBcc:y@z.be", ".x@school.example", "x@school.example\u202e"],
)  # fmt: skip
@pytest.mark.parametrize("channel", ["sign in", "appoint"])
def test_what_is_no_address_gets_a_sentence_and_no_mail(app: Flask, channel: str, address: str) -> None:
    page = channels()[channel].post(app, email=address)
    sentence = assert_refused_at(page, "email")
    assert "e-mailadres" in sentence
    if address.isprintable():
        assert fields_of(page)["email"] == address
    end_transaction()
    assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == 0


def test_capitals_make_no_second_account_and_no_second_mailbox(app: Flask) -> None:
    form = channels()["register"]
    for address in ("een@school.example", "EEN@school.example", "Een@School.Example"):
        browser = Browser(app)
        browser.post("/registreren", {**form.good, "email": address}, token=form_token(browser))
        code = code_mailed_to("een@school.example")
        assert browser.post("/registreren/code", {"code": code}, token=form_token(browser)).status == 303
    end_transaction()
    assert db.session.scalars(select(Person.email)).all() == ["een@school.example"]
    assert len(mails_to("een@school.example")) == 3


def test_no_name_reaches_the_headers_of_a_mail(app: Flask) -> None:
    school = make_school(name="School: met, dubbelepunt", municipality="Bree").id
    end_transaction()
    browser = Browser(app).sign_in(make_person(role=Role.OS_STAFF, name="Iemand Subject: x").id)
    data = {"name": "Ann Bcc: x@evil.example", "email": "ann@school.example"}
    assert browser.post(f"/scholen/{school}/aanspreekpunt", data, token=form_token(browser)).status == 303
    mail = mails_to("ann@school.example")[-1]
    assert "\n" not in mail.subject and "\r" not in mail.subject
    assert mail.recipient == "ann@school.example"


# ── choices and ids ────────────────────────────────────────────────────────

STRANGE_IDS = [
    "x",
    "-1",
    "0",
    str(UNKNOWN_ID),
    "9" * 25,
    "9" * 5000,
    "1e3",
    "1.0",
    "0x1",
    "٣",
    "²",
    " 1",
    "None",
    "\x00",
    "<b>1</b>",
]


@pytest.mark.parametrize("value", STRANGE_IDS, ids=range(len(STRANGE_IDS)))
def test_a_school_that_is_not_in_the_list_cannot_be_chosen(app: Flask, value: str) -> None:
    page = channels()["register"].post(app, school=value)
    assert "Kies je school" in assert_refused_at(page, "school")


@pytest.mark.parametrize("value", STRANGE_IDS, ids=range(len(STRANGE_IDS)))
def test_a_wish_is_only_settled_with_a_school_that_exists(app: Flask, value: str) -> None:
    person = make_person().id
    wish = SchoolWish(person_id=person, wish="De Wijzer", created_at=db.session.scalar(select(Person.created_at)))
    db.session.add(wish)
    db.session.commit()
    wish_id = wish.id
    staff = Browser(app).sign_in(make_person(role=Role.OS_STAFF).id)
    token = form_token(staff)
    before = database_state()
    page = staff.post(f"/scholen/wens/{wish_id}", {"school": value}, token=token)
    assert page.status in {404, 422}
    assert database_state() == before


@pytest.mark.parametrize(
    "place",
    ["/scholen/{}", "/scholen/{}/aanspreekpunt", "/scholen?pagina={}", "/scholen?zoek={}", "/scholen?toon={}",
     "/navorming/toets?vraag={}", "/navorming/toets?vraag=0001{}", "/navorming/{}/{}", "/navorming/gesprek/{}",
     "/pakket/wie-ben-jij?start={}", "/attest/{}", "/aanmelden?next={}"],
)  # fmt: skip
def test_a_strange_address_is_not_found_or_ignored_never_an_error(app: Flask, place: str) -> None:
    browser = Browser(app).sign_in(make_person(role=Role.OS_STAFF).id)
    if "toets" in place:
        assert browser.post("/navorming/toets", token=form_token(browser)).status == 303
    for value in STRANGE_IDS:
        page = browser.get(place.replace("{}", quote(value)))
        assert page.status in {200, 302, 404, 405, 422}, value
        if place.startswith("/scholen/{}"):
            assert page.status == 404, value
        assert "<b>1</b>" not in page.response.get_data(as_text=True)


@pytest.mark.parametrize("kind", ["", "xx", "SO", "so\x00", "<b>", "secondary"])
def test_a_kind_of_school_that_does_not_exist_is_refused(app: Flask, kind: str) -> None:
    page = channels()["add a school"].post(app, kind=kind)
    assert_refused_at(page, "kind")


def test_the_same_school_twice_is_refused_with_the_text_kept(app: Flask) -> None:
    form = channels()["add a school"]
    assert form.post(app).status == 303
    page = form.post(app, name="NIEUWE school")
    assert page.status == 409
    assert "staat al in de lijst" in page.text
    assert fields_of(page)["name"] == "NIEUWE school" and fields_of(page)["municipality"] == "Bree"
    end_transaction()
    assert db.session.scalar(select(func.count()).select_from(School)) == 2


def test_appointing_twice_is_refused_with_the_text_kept_and_one_mail(app: Flask) -> None:
    form = channels()["appoint"]
    assert form.post(app).status == 303
    page = form.post(app, name="Bert Tweede", email="bert@school.example")
    assert page.status == 409
    assert fields_of(page)["name"] == "Bert Tweede"
    end_transaction()
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 1
    assert len(mails_to("ann@school.example")) == 1 and mails_to("bert@school.example") == []


# ── answers of the course ──────────────────────────────────────────────────


def learner(app: Flask) -> Browser:
    browser = Browser(app).sign_in(make_person().id)
    end_transaction()
    return browser


def place_of(app: Flask, fits: Callable[[Exercise], bool]) -> tuple[str, Exercise]:
    course = library_of(app).course
    return next(
        (f"/navorming/{module.slug}/{lesson.slug}/{exercise.id}", exercise)
        for module in course.modules
        for lesson in module.lessons
        for exercise in lesson.exercises
        if fits(exercise)
    )


@pytest.mark.parametrize("choice", [None, "", "x", "\x00", "a" * 5000, "<b>x</b>", "A"])
def test_an_answer_that_is_not_among_the_options_is_refused_on_the_page(app: Flask, choice: str | None) -> None:
    path, _ = place_of(app, lambda exercise: isinstance(exercise, Choice))
    browser = learner(app)
    data = {"key": new_key(), **({} if choice is None else {"choice": choice})}
    page = browser.post(path, data, token=form_token(browser))
    assert page.status == 422 and "Kies eerst een antwoord." in page.text
    assert "<b>x</b>" not in page.response.get_data(as_text=True)
    end_transaction()
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


@pytest.mark.parametrize("key", [None, "", "x", "a" * 65, "a" * 19, "é" * 30, "\x00" * 30, "a b" * 10])
def test_an_answer_without_a_key_of_ours_is_refused(app: Flask, key: str | None) -> None:
    path, exercise = place_of(app, lambda exercise: isinstance(exercise, Choice))
    assert isinstance(exercise, Choice)
    browser = learner(app)
    data = {"choice": exercise.options[0].id, **({} if key is None else {"key": key})}
    page = browser.post(path, data, token=form_token(browser))
    assert page.status == 422 and "Laad ze opnieuw" in page.text


def test_the_same_answer_sent_twice_is_one_attempt_with_the_same_reply(app: Flask) -> None:
    path, exercise = place_of(app, lambda exercise: isinstance(exercise, Choice))
    assert isinstance(exercise, Choice)
    browser = learner(app)
    data = {"choice": exercise.options[0].id, "key": new_key()}
    replies = {browser.post(path, data, token=form_token(browser)).location for _ in range(3)}
    assert len(replies) == 1
    end_transaction()
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1


@pytest.mark.parametrize("text", ["", "   ", "\x00", "a" * 5001])
def test_a_note_that_is_empty_or_too_long_is_refused_and_kept(rich: Flask, text: str) -> None:
    path, _ = place_of(rich, lambda exercise: isinstance(exercise, Reflection))
    browser = learner(rich)
    page = browser.post(path, {"text": text, "key": new_key()}, token=form_token(browser))
    assert page.status == 422
    assert text.strip("\x00 ") in fields_of(page).get("text", "")
    end_transaction()
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 0


@pytest.mark.parametrize(
    "text", [POLYGLOT, "regel een\r\nregel twee", "\u202eomgekeerd", "=SUM(A1)", "🎓 Ægir", "</textarea>"]
)
def test_a_note_is_kept_as_typed_and_shown_as_text(rich: Flask, text: str) -> None:
    path, _ = place_of(rich, lambda exercise: isinstance(exercise, Reflection))
    browser = learner(rich)
    assert browser.post(path, {"text": text, "key": new_key()}, token=form_token(browser)).status == 303
    end_transaction()
    assert db.session.scalars(select(Attempt.answer)).one()["text"] == text.replace("\r\n", "\n")
    source = browser.get(path.rsplit("/", 1)[0]).response.get_data(as_text=True)
    assert "<script>alert(2)" not in source and "<img src=x" not in source
    assert html.escape(text.replace("\r\n", "\n").split("\n")[0], quote=False)[:12] in html.escape(
        html.unescape(source), quote=False
    )


@pytest.mark.parametrize("position", [None, "", "x", "-1", "1", "99", "99999", "²", "0x0", "٠٠٠٠٠"])
def test_a_turn_at_a_place_that_does_not_exist_is_refused(app: Flask, position: str | None) -> None:
    dialogue = library_of(app).course.dialogues[0]
    browser = learner(app)
    data = {"option": dialogue.turns[0].options[0].id, **({} if position is None else {"position": position})}
    page = browser.post(f"/navorming/gesprek/{dialogue.slug}", data, token=form_token(browser))
    assert page.status in {409, 422}
    end_transaction()
    assert db.session.scalar(select(func.count()).select_from(DialogueTurnSaid)) == 0


@pytest.mark.parametrize("option", [None, "", "zz", "\x00", "<b>x</b>", "a" * 5000])
def test_words_that_are_not_in_the_conversation_are_refused(app: Flask, option: str | None) -> None:
    dialogue = library_of(app).course.dialogues[0]
    browser = learner(app)
    data = {"position": "0", **({} if option is None else {"option": option})}
    page = browser.post(f"/navorming/gesprek/{dialogue.slug}", data, token=form_token(browser))
    assert page.status == 422 and "Kies eerst wat je zegt." in page.text
    assert "<b>x</b>" not in page.response.get_data(as_text=True)


@pytest.mark.parametrize("item", ["bestaat-niet", "%00", "a" * 5000, "<b>x<", ".."])
@pytest.mark.parametrize("option", ["a", "zz", "\x00", ""])
def test_a_question_that_was_not_drawn_cannot_be_answered(app: Flask, item: str, option: str) -> None:
    browser = learner(app)
    assert browser.post("/navorming/toets", token=form_token(browser)).status == 303
    page = browser.post(f"/navorming/toets/{item}", {"option": option}, token=form_token(browser))
    assert page.status in {404, 405, 422}
    end_transaction()
    assert db.session.scalars(select(TestSitting.answers)).one() == {}


def test_handing_in_with_a_question_open_says_so_and_keeps_the_test(app: Flask) -> None:
    browser = learner(app)
    browser.post("/navorming/toets", token=form_token(browser))
    page = browser.post("/navorming/toets/indienen", token=form_token(browser), follow=True)
    assert "Er staat nog een vraag open." in page.text
    end_transaction()
    assert db.session.scalars(select(TestSitting.handed_in_at)).one() is None
