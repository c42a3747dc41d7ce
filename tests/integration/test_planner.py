"""The planner, my plans and my groups: bad input, other people's rows, two tabs, sharing, and the lock."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from lms.clock import now
from lms.database import db
from lms.learning.forms import new_key
from lms.pack import queries
from lms.pack.tables import Group, Plan
from lms.people.tables import Person
from lms.schools.tables import Membership
from tests.factories import make_finished, make_person, make_school
from tests.integration.test_pdf import read, text_of
from tests.visitor import Page
from tests.world import UNKNOWN_ID, Browser, database_state, end_transaction, library_of, revoke_pack

AT = "/pakket/planner/wie-ben-jij"


def owner(app: Flask) -> Browser:
    """Somebody with an open pack."""
    person = make_finished(library_of(app))
    return Browser(app).sign_in(person)


def address(**fields: Any) -> str:
    return f"{AT}?{urlencode(fields, doseq=True)}"


def save(browser: Browser, at: str = AT, **fields: Any) -> int:
    """Save a plan by the form, of session 1; gives its id."""
    answer = browser.post(at, {"uren": "2 × 50", "key": new_key(), **fields})
    assert answer.status == 303, answer.text
    return int(answer.location.rpartition("/")[2])


def plan_row(plan_id: int) -> Plan:
    end_transaction()
    row = db.session.scalars(select(Plan).where(Plan.id == plan_id)).one()
    db.session.expunge(row)
    end_transaction()
    return row


def make_group(browser: Browser, label: str = "6 TSO") -> int:
    year = max(_years(browser.get("/pakket/groepen/nieuw")))
    answer = browser.post(
        "/pakket/groepen/nieuw", {"label": label, "kind": "so", "school_year": str(year), "school_id": ""}
    )
    assert answer.status == 303, answer.text
    end_transaction()
    return db.session.scalars(select(Group.id).order_by(Group.id.desc())).first() or 0


def _years(page: Page) -> list[int]:
    assert page.soup is not None
    return [int(option["value"]) for option in page.soup.select("#school_year option")]


# ── fitting, by the address alone ──────────────────────────────────────────


@pytest.mark.sqlite_alone
def test_a_session_is_fitted_with_clock_times_and_says_what_was_cut_and_why(app: Flask) -> None:
    page = owner(app).get(address(uren="50", start="10.25"))
    assert page.status == 200
    assert "10.25–10.30" in page.text and "De bel gaat om 11.15." in page.text
    assert (
        "Verleden wordt korter: 16 minuten in plaats van 20, want je hebt 50 minuten. Het minimum is 12." in page.text
    )


@pytest.mark.sqlite_alone
def test_what_is_impossible_says_why_and_what_would_make_it_possible(app: Flask) -> None:
    browser = owner(app)
    page = browser.get(address(uren="5"))
    assert page.status == 200
    assert "is geen plaats" in page.text and "minstens 27 min aan één stuk" in page.text
    assert browser.get(address(uren="27")).text.count("Past precies.") == 1
    refused = browser.post(AT, {"uren": "5", "key": new_key()})
    assert refused.status == 422 and "nog niets om te bewaren" in refused.text


@pytest.mark.sqlite_alone
def test_a_block_is_lengthened_swapped_left_out_and_brought_back_step_by_step(app: Flask) -> None:
    browser = owner(app)

    def press(path: str, **fields: str) -> tuple[str, Page]:
        """Press a button of the planner: a clean address comes back, in which the change stands."""
        separator = "&" if "?" in path else "?"
        answer = browser.get(path + separator + urlencode(fields))
        assert answer.status == 302 and "doe=" not in answer.location and "zet-" not in answer.location
        return answer.location, browser.get(answer.location)

    path, page = press(address(uren="2 × 50", start="8.30"), doe="s1-verleden:25")
    assert "Verleden: 25 minuten. In de toolbox zijn dat er 20." in page.text
    path, page = press(path, doe="s1-toekomst:weg")
    assert "Toekomst valt weg." in page.text
    path, page = press(path, **{"vorm-s1-verleden": "w02", "zet-s1-heden-ik": "12"})
    assert "Duo-interview" in page.text
    assert parse_qs(urlsplit(path).query)["w"] == [
        "s1-verleden:25", "s1-toekomst:weg", "s1-heden-ik:12", "s1-verleden:vorm-w02",
    ]  # fmt: skip
    path, page = press(path, doe="s1-toekomst:terug")
    assert "Toekomst valt weg." not in page.text
    path, page = press(path, snel="50")
    # What no longer fits is told and kept for when there is time again.
    assert "Verleden: 25 minuten" in page.text and "uren=50" in path and "w=s1-verleden:25" in path


@pytest.mark.sqlite_alone
@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("uren", "0", "Een lesuur duurt 1 tot 600 minuten."),
        ("uren", "10000", "Een lesuur duurt 1 tot 600 minuten."),
        ("uren", "5 × 50", "hoogstens 4 lesuren"),
        ("uren", "een uur", "Geef hele minuten per lesuur"),
        ("uren", "9" * 400, "Geef hele minuten per lesuur"),
        ("aantal", "0", "een getal van 1 tot 200"),
        ("aantal", "500", "een getal van 1 tot 200"),
        ("aantal", "٢٠", "een getal van 1 tot 200"),
        ("start", "25.10", "Dat is geen uur"),
        ("datum", "31/02/2026", "Die datum bestaat niet"),
        ("datum", "0202-01-01", "ligt te ver weg"),
        ("zet-s1-verleden", "veel", "Typ hele minuten"),
        ("naam", "x" * 81, "te lang"),
        ("naam", "a\u202eb", "een teken dat niet kan"),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_lost_or_written(
    app: Flask, field: str, typed: str, says: str
) -> None:
    browser = owner(app)
    fields = {"uren": "50", "start": "10.25", "aantal": "14", "key": new_key(), field: typed}
    before = database_state()
    page = browser.post(AT, fields)
    assert page.status == 422 and says in page.text and page.title.startswith("Fout: ")
    assert page.soup is not None
    at_field = page.soup.find(id=field)
    assert at_field is not None or field == "naam"
    for name in {"uren", "start", "aantal", "datum"} & set(fields):
        control = page.soup.find(id=name)
        assert control is not None and control["value"] == fields[name][:120], name
    assert database_state() == before
    if field != "naam":
        assert browser.get(address(**{"uren": "50", field: typed})).status == 422


@pytest.mark.sqlite_alone
def test_in_the_night_in_which_the_clock_changes_an_hour_is_never_moved_silently(app: Flask) -> None:
    browser = owner(app)
    year = now().year
    for day in (f"{year}-03-{_last_sunday(year, 3):02d}", f"{year}-10-{_last_sunday(year, 10):02d}"):
        page = browser.get(address(uren="50", datum=day, start="2.30"))
        assert page.status == 422 and "In die nacht verandert het uur" in page.text
        assert browser.get(address(uren="50", datum=day, start="10.30")).status == 200


def _last_sunday(year: int, month: int) -> int:
    import calendar

    return max(week[calendar.SUNDAY] for week in calendar.monthcalendar(year, month))


# ── saving ─────────────────────────────────────────────────────────────────


def test_a_plan_is_kept_once_listed_renamed_copied_and_removed(app: Flask) -> None:
    browser = owner(app)
    group = make_group(browser)
    key = new_key()
    plan_id = save(browser, start="10.25", datum=_soon(), w="s1-verleden:25", naam="Maandag", groep=str(group), key=key)
    assert save(browser, key=key) == plan_id
    page = browser.get(f"/pakket/planner/plan/{plan_id}")
    assert page.text.count("Maandag") >= 1 and "6 TSO" in page.text and "10.30–10.55" in page.text
    assert "Maandag" in browser.get("/pakket/planner").text
    assert browser.post(f"/pakket/planner/plan/{plan_id}/naam", {"naam": "Dinsdag"}).status == 303
    assert browser.post(f"/pakket/planner/plan/{plan_id}/naam", {"naam": "x" * 81}).status == 422
    copy = browser.post(f"/pakket/planner/plan/{plan_id}/kopie", {"key": new_key()})
    copied = plan_row(int(copy.location.rpartition("/")[2]))
    assert (copied.label, copied.day, copied.group_id, copied.changes) == (
        "Dinsdag (kopie)",
        None,
        None,
        ["s1-verleden:25"],
    )
    assert browser.post(f"/pakket/planner/plan/{plan_id}/verwijderen").status == 303
    assert browser.get(f"/pakket/planner/plan/{plan_id}").status == 404


def _soon() -> str:
    return f"{now().year}-12-01"


def test_two_tabs_do_not_overwrite_each_other_unseen_and_nothing_is_lost(app: Flask) -> None:
    browser = owner(app)
    plan_id = save(browser)
    first = {"plan": str(plan_id), "versie": "1", "w": "s1-verleden:25"}
    second = {"plan": str(plan_id), "versie": "1", "w": "s1-toekomst:weg", "naam": "Uit tab twee"}
    assert save(browser, **first) == plan_id
    page = browser.post(AT, {"uren": "2 × 50", "key": new_key(), **second})
    assert page.status == 409 and "Dit plan is ook ergens anders bewaard" in page.text
    assert "Toekomst valt weg." in page.text
    assert plan_row(plan_id).changes == ["s1-verleden:25"]
    assert page.soup is not None
    form = page.soup.find(id="bewaren")
    assert form is not None
    sent = {field["name"]: field["value"] for field in form.find_all("input") if field["name"] != "csrf_token"}
    assert sent["naam"] == "Uit tab twee"
    # Beside it as a second plan, or over it knowingly: both work from this page.
    other = int(browser.post(AT, {**sent, "nieuw": "1"}).location.rpartition("/")[2])
    assert other != plan_id and plan_row(plan_id).changes == ["s1-verleden:25"]
    assert browser.post(AT, sent).status == 303
    assert plan_row(plan_id).changes == ["s1-toekomst:weg"] and plan_row(plan_id).version == 3


@pytest.mark.sqlite_alone
def test_a_likely_first_name_gets_a_gentle_warning_and_is_kept(app: Flask) -> None:
    browser = owner(app)
    plan_id = save(browser, naam="Gesprek met Yusuf")
    page = browser.get(f"/pakket/planner/plan/{plan_id}")
    assert "Staat er met ‘Yusuf’ een naam van een jongere?" in page.text
    assert plan_row(plan_id).label == "Gesprek met Yusuf"
    make_group(browser, "Groep van Lotte")
    assert "Staat er met ‘Lotte’ een naam van een jongere?" in browser.get("/pakket/groepen").text
    make_group(browser, "6 TSO maandag")
    assert "naam van een jongere?" not in browser.get("/pakket/groepen").text


# ── other people, and the lock ─────────────────────────────────────────────


def own_addresses(plan_id: int, group_id: int) -> list[tuple[str, str, dict[str, str]]]:
    """Every address with the id of a plan or a group."""
    plan, group = f"/pakket/planner/plan/{plan_id}", f"/pakket/groepen/{group_id}"
    fields = {"label": "Gestolen", "kind": "so", "school_year": str(now().year), "school_id": ""}
    return [
        ("GET", plan, {}), ("POST", f"{plan}/naam", {"naam": "Gestolen"}), ("POST", f"{plan}/kopie", {"key": new_key()}),
        ("POST", f"{plan}/delen", {}), ("POST", f"{plan}/niet-delen", {}), ("POST", f"{plan}/verwijderen", {}),
        ("GET", f"{AT}?plan={plan_id}", {}),
        ("POST", AT, {"uren": "50", "key": new_key(), "plan": str(plan_id), "versie": "1"}),
        ("POST", AT, {"uren": "50", "key": new_key(), "groep": str(group_id)}),
        ("GET", group, {}), ("POST", group, fields), ("POST", f"{group}/verwijderen", {}),
    ]  # fmt: skip


def reached(browser: Browser, plan_id: int, group_id: int) -> list[str]:
    """Which of these addresses answer otherwise than for an id that does not exist."""
    found = []
    pairs = zip(own_addresses(plan_id, group_id), own_addresses(UNKNOWN_ID, UNKNOWN_ID), strict=True)
    for (method, path, fields), (_, other, others) in pairs:
        answers = [
            browser.get(one) if method == "GET" else browser.post(one, sent)
            for one, sent in ((path, fields), (other, others))
        ]
        if [answer.status for answer in answers] != [404, 404] or answers[0].text != answers[1].text:
            found.append(f"{method} {path}: {answers[0].status}")
    return found


def test_plans_and_groups_of_somebody_else_do_not_exist(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = owner(app)
    group_id = make_group(mine)
    plan_id = save(mine, groep=str(group_id))
    stranger = owner(app)
    before = database_state(without=frozenset({"sign_in"}))
    assert reached(stranger, plan_id, group_id) == []
    assert database_state(without=frozenset({"sign_in"})) == before
    # The sabotaged twin: a query that forgets whose plan it is.
    with monkeypatch.context() as patch:
        patch.setattr(
            queries, "get_plan", lambda plan_id, _: db.session.scalars(select(Plan).where(Plan.id == plan_id)).one()
        )
        assert f"GET /pakket/planner/plan/{plan_id}" in {
            line.rpartition(":")[0] for line in reached_first(stranger, plan_id)
        }


def reached_first(browser: Browser, plan_id: int) -> list[str]:
    answer = browser.get(f"/pakket/planner/plan/{plan_id}")
    return [] if answer.status == 404 else [f"GET /pakket/planner/plan/{plan_id}: {answer.status}"]


def test_a_shared_plan_is_seen_and_copied_by_a_colleague_with_an_open_pack_alone(app: Flask) -> None:
    mine = owner(app)
    group_id = make_group(mine, "Geheime groep")
    plan_id = save(mine, naam="Gedeeld uur", groep=str(group_id), w="s1-verleden:25")
    mine.post(f"/pakket/planner/plan/{plan_id}/delen")
    code = plan_row(plan_id).share_code
    mine.post(f"/pakket/planner/plan/{plan_id}/delen")
    assert code and len(code) >= 22 and plan_row(plan_id).share_code == code
    link = f"/pakket/planner/gedeeld/{code}"
    assert f"{link}" in mine.get(f"/pakket/planner/plan/{plan_id}").text
    colleague_id = make_finished(library_of(app)).id
    colleague = Browser(app).sign_in(colleague_id)
    page = colleague.get(link)
    assert page.status == 200 and "Gedeeld uur" in page.text and "Geheime groep" not in page.text
    key = new_key()
    copies = {colleague.post(link, {"key": key}).location for _ in range(2)}
    assert len(copies) == 1
    copy = plan_row(int(copies.pop().rpartition("/")[2]))
    assert (copy.person_id, copy.group_id, copy.changes, copy.share_code) == (
        colleague_id,
        None,
        ["s1-verleden:25"],
        None,
    )
    locked = Browser(app).sign_in(make_person().id).get(link)
    assert locked.status == 403 and "Gedeeld uur" not in locked.text
    assert Browser(app).get(link).status == 302
    revoke_pack(colleague_id)
    assert colleague.get(link).status == 403
    mine.post(f"/pakket/planner/plan/{plan_id}/niet-delen")
    assert owner(app).get(link).status == 404


# ── groups ─────────────────────────────────────────────────────────────────


def test_a_group_shows_its_four_sessions_and_the_next_step(app: Flask) -> None:
    browser = owner(app)
    assert "Nog geen groepen" in browser.get("/pakket/groepen").text
    group_id = make_group(browser)
    assert make_group(browser) == group_id, "the same group twice is one"
    page = browser.get("/pakket/groepen")
    assert page.text.count("nog niet gepland") == 4 and "Plan sessie 1" in page.text
    plan_id = save(browser, groep=str(group_id), datum=_soon(), start="10.25")
    page = browser.get("/pakket/groepen")
    assert page.text.count("nog niet gepland") == 3 and "Plan sessie 2" in page.text
    assert browser.post(f"/pakket/groepen/{group_id}/verwijderen").status == 303
    assert plan_row(plan_id).group_id is None


def test_a_group_belongs_to_a_school_where_its_begeleider_works_and_to_no_other(app: Flask) -> None:
    school, other = make_school(), make_school()
    person = make_finished(library_of(app), school=school)
    browser = Browser(app).sign_in(person)
    assert school.name in browser.get("/pakket/groepen/nieuw").text
    fields = {"label": "5 BSO", "kind": "so", "school_year": str(max(_years(browser.get("/pakket/groepen/nieuw"))))}
    refused = browser.post("/pakket/groepen/nieuw", {**fields, "school_id": str(other.id)})
    assert refused.status == 422 and "Kies een school waar je werkt" in refused.text
    assert browser.post("/pakket/groepen/nieuw", {**fields, "school_id": str(school.id)}).status == 303
    for field, value in (("label", ""), ("label", "x" * 81), ("kind", "unief"), ("school_year", "1830")):
        assert browser.post("/pakket/groepen/nieuw", {**fields, "school_id": "", field: value}).status == 422
    group_id = db.session.scalars(select(Group.id)).one()
    # Who left the school keeps the group as it was.
    db.session.scalars(select(Membership).where(Membership.person_id == person.id)).one().ended_at = now()
    db.session.commit()
    changed = browser.post(f"/pakket/groepen/{group_id}", {**fields, "label": "5 BSO a", "school_id": str(school.id)})
    assert changed.status == 303 and "5 BSO a" in browser.get("/pakket/groepen").text


def test_the_lists_ask_the_database_as_often_for_many_as_for_few(app: Flask) -> None:
    from sqlalchemy import event

    browser = owner(app)
    counts: dict[str, list[int]] = {"/pakket/planner": [], "/pakket/groepen": []}
    for label in ("een", "twee"):
        save(browser, groep=str(make_group(browser, label)))
        for path, seen in counts.items():
            statements: list[str] = []

            def note(_c: Any, _u: Any, statement: str, *_rest: Any, seen: list[str] = statements) -> None:
                seen.append(statement)

            event.listen(db.engine, "before_cursor_execute", note)
            browser.get(path)
            event.remove(db.engine, "before_cursor_execute", note)
            seen.append(len(statements))
    assert all(one == two <= 10 for one, two in counts.values()), counts
    assert db.session.scalars(select(Person.id)).all()


# ── the fiche of a plan ────────────────────────────────────────────────────


def fiche_of(browser: Browser, plan: int) -> Page:
    """The fiche, as a plan leads to it."""
    page = browser.get(f"/pakket/planner/plan/{plan}")
    assert page.soup is not None
    return browser.get(page.soup.find("a", string="Fiche")["href"])


def times(page: Page) -> list[str]:
    assert page.soup is not None
    return [
        " ".join(one.get_text(" ").split(" ")).replace("  ", " ") for one in page.soup.select("ol.fiche > li > .time")
    ]


def test_the_fiche_of_a_plan_has_the_minutes_of_the_plan(app: Flask) -> None:
    browser = owner(app)
    page = fiche_of(browser, save(browser, uren="50", start="10.25"))
    assert "Deze fiche volgt je plan van 50 minuten." in page.text and "50 min" in page.text
    assert "16 minuten min vanaf 10.30" in times(page) and "In de toolbox: 20 minuten." in page.text
    # Nothing begins after the bell.
    assert max(clock for one in times(page) for clock in re.findall(r"1\d\.\d\d", one)) < "11.15"


def test_what_a_plan_sends_home_stands_on_its_fiche_without_minutes(app: Flask) -> None:
    browser = owner(app)
    page = fiche_of(browser, save(browser, "/pakket/planner/talenten", uren="50", w="s2-anderen:thuis"))
    assert times(page).count("thuis") == page.text.count("In je plan gaat dit naar huis.") == 1
    assert page.soup is not None
    pdf = browser.raw("GET", page.soup.find("a", href=re.compile("fiche.pdf"))["href"])
    words = " ".join(text_of(read(pdf.get_data())).split())
    assert "In je plan gaat dit naar huis." in words and "50 minuten ·" in words


def test_the_fiche_of_a_plan_over_two_hours_says_in_which_hour(app: Flask) -> None:
    browser = owner(app)
    page = fiche_of(browser, save(browser))
    begins = times(page)
    assert "lesuur 1, vanaf minuut\xa00" in begins[0] and "lesuur 2, " in begins[-1]
    assert "staan alleen op je plan" in page.text


def test_the_plan_of_another_session_does_not_change_a_fiche(app: Flask) -> None:
    browser = owner(app)
    plan = save(browser, uren="50")
    other = library_of(app).sessions[1].slug
    assert times(browser.get(f"/pakket/{other}?plan={plan}")) == times(browser.get(f"/pakket/{other}"))
    assert Browser(app).sign_in(make_finished(library_of(app))).get(f"/pakket/wie-ben-jij?plan={plan}").status == 404
