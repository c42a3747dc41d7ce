"""Reading changes nothing, and nothing is changed by a form that is not ours.

That no page changes anything by being read is tried for every page and every visitor in test_access.py.
"""

from __future__ import annotations

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import DBAPIError

from lms.database import db, only_read, reading
from lms.people.tables import Person
from lms.permissions import Role
from lms.web.access import public
from tests.factories import make_person, make_school
from tests.integration.test_access import BY_NAME, PUBLIC, Actor, Case, cases, make_world
from tests.world import Browser, database_state, end_transaction, form_token

# ── a page that is only read runs on a connection that refuses to write ────


@pytest.mark.both
def test_a_write_while_only_reading_fails_in_the_database(app: Flask) -> None:
    make_school()
    before = database_state()
    with reading():
        db.session.execute(Person.__table__.select())
        with pytest.raises(DBAPIError):
            make_person(email="stiekem@school.example")
        end_transaction()
    assert database_state() == before
    make_person(email="gewoon@school.example")
    assert database_state() != before


@pytest.mark.both
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_page_that_writes_while_being_read_fails_and_changes_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    before = database_state()
    reached = []

    @public
    def careless() -> str:
        reached.append(True)
        db.session.add(Person(email="x@school.example", name="X", role=Role.FACILITATOR, created_at=None))
        make_person(email="stiekem@school.example")
        return "bewaard"

    @public
    def careful() -> str:
        reached.append(True)
        make_person(email="stiekem@school.example")
        return "bewaard"

    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == "public.privacy")
    monkeypatch.setattr(rule, "provide_automatic_options", False)
    for view in (careless, careful):
        monkeypatch.setitem(app.view_functions, "public.privacy", view)
        answer = Browser(app).raw(method, "/privacy")
        assert answer.status_code >= 500
        assert database_state() == before
    assert len(reached) == 2


@pytest.mark.both
def test_without_the_read_only_connection_such_a_page_would_change_something(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged twin: the guard no longer says that a GET may only read."""
    monkeypatch.setattr("lms.web.access.only_read", lambda _yes: None)

    @public
    def careful() -> str:
        make_person(email="stiekem@school.example")
        return "bewaard"

    monkeypatch.setitem(app.view_functions, "public.privacy", careful)
    before = database_state()
    assert Browser(app).raw("GET", "/privacy").status_code == 200
    assert database_state() != before


def test_reading_ends_with_the_request(app: Flask) -> None:
    """What comes after a GET in the same thread may write again."""
    Browser(app).get("/privacy")
    make_person()
    only_read(False)


# ── every form carries a token of its own visitor ──────────────────────────


def _other_session_token(app: Flask) -> str:
    return form_token(Browser(app)).replace(".", "x.", 1)


def _signed_for_another(app: Flask) -> str:
    """A token with a good signature that belongs to another browser."""
    assert isinstance(app.secret_key, str)
    return str(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("f" * 40))


TOKENS = {
    "none": lambda app: None,
    "empty": lambda app: "",
    "nonsense": lambda app: "x" * 60,
    "another's": _signed_for_another,
    "altered": _other_session_token,
    "with a NUL": lambda app: "\x00",
    "signed with another key": lambda app: URLSafeTimedSerializer("other", salt="wtf-csrf-token").dumps("f" * 40),
}


def _entitled(case: Case) -> str:
    """Somebody who may send this form, so that only the token can refuse it."""
    if case.access == PUBLIC:
        return "anonymous"
    return "aanspreekpunt" if case.access in BY_NAME["aanspreekpunt"].may else "administrator"


def accepted_forgeries(app: Flask, kind: str) -> list[str]:
    """Every form that is accepted, or changes something, with this kind of token."""
    world = make_world(app)
    found = []
    for case in [case for case in cases(world) if case.method == "POST"]:
        actor: Actor = BY_NAME[_entitled(case)]
        browser = actor.browser(app, actor.person(world) if actor.person else None)
        form_token(browser)
        with browser.client.session_transaction() as session:
            session.update(case.session)
        token = TOKENS[kind](app)
        data = {**case.data, **({} if token is None else {"csrf_token": token})}
        before = database_state()
        answer = browser.raw("POST", case.path, data=data)
        if answer.status_code != 400:
            found.append(f"{case.path}: {answer.status_code}")
        if database_state() != before:
            found.append(f"{case.path}: changed the database")
    return found


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("kind", ["none", pytest.param("another's", marks=pytest.mark.slow)])
def test_every_form_without_its_own_token_is_refused_and_changes_nothing(app: Flask, kind: str) -> None:
    assert accepted_forgeries(app, kind) == []


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("kind", sorted(TOKENS))
def test_no_other_token_is_as_good_as_the_own_one(app: Flask, kind: str) -> None:
    browser = Browser(app).sign_in(make_person(role=Role.OS_STAFF).id)
    form_token(browser)
    before = database_state()
    token = TOKENS[kind](app)
    data = {**TYPED, **({} if token is None else {"csrf_token": token})}
    assert browser.raw("POST", "/scholen/nieuw", data=data).status_code == 400
    # Nor in another place than the form.
    assert browser.raw("POST", f"/scholen/nieuw?csrf_token={form_token(browser)}", data=TYPED).status_code == 400
    assert database_state() == before


@pytest.mark.slow
@pytest.mark.sqlite_alone
def test_without_the_check_of_tokens_forgeries_are_accepted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sabotaged twin."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    found = "\n".join(accepted_forgeries(app, "none"))
    assert "/scholen/nieuw: 303" in found and "/scholen/nieuw: changed the database" in found


def test_a_token_of_before_signing_in_no_longer_counts_after_it(app: Flask) -> None:
    """Whoever planted a session in a browser beforehand cannot post in it afterwards."""
    browser = Browser(app)
    planted = form_token(browser)
    browser.sign_in(make_person().id)
    assert browser.post("/navorming/toets", token=planted).status == 400


# ── what was typed is kept, but only for the one who typed it ──────────────

TYPED = {"name": "Zeer lange naam van een school " * 3, "kind": "so", "municipality": "Bree & <b>Peer</b>"}


def _stale(app: Flask, **headers: str) -> str:
    person = make_person(role=Role.OS_STAFF).id
    browser = Browser(app).sign_in(person)
    page = browser.post("/scholen/nieuw", TYPED, token="oud", headers=headers)
    assert page.status == 400
    assert page.soup is not None
    fields = page.soup.find_all(["input", "textarea"])
    kept = {str(tag["name"]): str(tag.get("value") or tag.get_text()) for tag in fields}
    if TYPED["municipality"] in kept.values():
        # Sending it once more, as the page offers, does what was meant.
        token = str(kept.pop("csrf_token"))
        assert browser.post("/scholen/nieuw", kept, token=token).status == 303
        return "kept"
    assert "Peer" not in page.response.get_data(as_text=True)
    return "gone"


def test_a_stale_form_of_our_own_comes_back_with_its_text_and_can_be_sent_again(app: Flask) -> None:
    assert _stale(app, **{"Sec-Fetch-Site": "same-origin"}) == "kept"


@pytest.mark.parametrize("sent_from", ["cross-site", "same-site", "none", "", "SAME-ORIGIN "])
def test_a_form_from_elsewhere_is_never_offered_ready_to_send(app: Flask, sent_from: str) -> None:
    """Otherwise a forged form would be one click away from being ours."""
    assert _stale(app, **({"Sec-Fetch-Site": sent_from} if sent_from else {})) == "gone"
