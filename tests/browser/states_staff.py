"""Pages of O&S and of the aanspreekpunt."""

from __future__ import annotations

import shutil
import time
from datetime import date
from typing import Any

from lms.clock import now
from lms.content.versions import Versions
from lms.database import db
from lms.dev.demo import CONTACT, STAFF
from lms.learning.actions import object_to_verdict, submit_answer
from lms.learning.forms import new_key
from lms.monitoring import actions as decisions
from lms.permissions import Role
from lms.schools.tables import Contact, Membership, SchoolWish
from tests.browser.answers import wrong_answer
from tests.browser.site import Visit
from tests.browser.states import States
from tests.factories import make_contact_person, make_finished, make_person, make_school
from tests.world import STAFF as OFFICE
from tests.world import invite

STAFF_PAGES = States()
EMPTY = "empty_server"


def staff(visit: Visit) -> Visit:
    return visit.sign_in(visit.site.demo_id(STAFF))


@STAFF_PAGES.add("monitoring.schools", "schools")
def _(visit: Visit) -> None:
    staff(visit).open("/scholen")


@STAFF_PAGES.add("monitoring.schools", "schools, nothing found")
def _(visit: Visit) -> None:
    staff(visit).open("/scholen?zoek=bestaat+niet&toon=open")


@STAFF_PAGES.add("monitoring.schools", "no schools yet", server=EMPTY)
def _(visit: Visit) -> None:
    person = visit.site.inside(lambda: make_person(role=Role.OS_STAFF))
    visit.sign_in(person.id).open("/scholen")


@STAFF_PAGES.add("monitoring.schools", "several pages of schools, a wish, long names")
def _(visit: Visit) -> None:
    def fill() -> None:
        for number in range(60):
            make_school(name=f"Bladerschool {number:02}", municipality="Hechtel-Eksel")
        make_school(
            name="Bladerschool voor Gezondheidswetenschappen-en-Studiekeuzebegeleiding", municipality="Sint-Truiden"
        )
        wisher = make_person(name="Wout Wens")
        db.session.add(
            SchoolWish(person_id=wisher.id, wish="Een school die er niet bij staat, in Zutendaal", created_at=now())
        )
        db.session.commit()

    visit.site.inside(fill)
    staff(visit).open("/scholen?zoek=bladerschool&pagina=2")


@STAFF_PAGES.add("monitoring.schools", "course files that are not live")
def _(visit: Visit) -> None:
    file = visit.site.config.courses / "navorming" / "test.yaml"
    good = file.read_text()
    file.write_text("id: [toets\n")
    try:
        page = staff(visit).open("/scholen")
        problem = page.get_by_role("heading", name="staan niet live")
        until = time.monotonic() + 20
        # Every worker of the site looks at the files by itself, every two seconds.
        while not problem.count() and time.monotonic() < until:
            time.sleep(0.3)
            page.reload()
        assert problem.is_visible()
    finally:
        file.write_text(good)


@STAFF_PAGES.add("monitoring.school", "school without anybody")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    staff(visit).open(f"/scholen/{school.id}")


@STAFF_PAGES.add("monitoring.school", "school with an aanspreekpunt, begeleiders and a history")
def _(visit: Visit) -> None:
    def fill() -> int:
        school = make_school(name="School Volzet")
        db.session.add(
            Contact(
                school_id=school.id,
                name="Vroeger Iemand",
                email="vroeger@demo.example",
                appointed_at=now(),
                ended_at=now(),
            )
        )
        db.session.commit()
        make_contact_person(school, name="Ann Aanspreekpunt")
        make_person(
            school=school, name="Bo Begint", email="bo.met.een.heel.lang.mailadres@een-lange-schoolnaam.example"
        )
        make_finished(visit.site.library, school=school, name="Kim Klaar")
        return school.id

    staff(visit).open(f"/scholen/{visit.site.inside(fill)}")


def asked_school() -> int:
    school = make_school()
    invite(school.id, f"vraag{school.id}@demo.example")
    return school.id


@STAFF_PAGES.add("monitoring.school", "school whose aanspreekpunt was asked")
def _(visit: Visit) -> None:
    staff(visit).open(f"/scholen/{visit.site.inside(asked_school)}")


@STAFF_PAGES.add("schools.add", "add a school")
def _(visit: Visit) -> None:
    staff(visit).open("/scholen/nieuw")


@STAFF_PAGES.add("schools.add", "add a school with errors")
def _(visit: Visit) -> None:
    staff(visit).open("/scholen/nieuw")
    visit.refused("Voeg toe")


@STAFF_PAGES.add("schools.add", "add a school that is there")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    page = staff(visit).open("/scholen/nieuw")
    page.locator("#name").fill(school.name)
    page.get_by_label("Secundair", exact=False).first.check()
    page.locator("#municipality").fill(school.municipality)
    visit.refused("Voeg toe")


@STAFF_PAGES.add("schools.appoint", "appoint")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    staff(visit).open(f"/scholen/{school.id}/aanspreekpunt")


@STAFF_PAGES.add("schools.appoint", "appoint with errors")
def _(visit: Visit) -> None:
    school = visit.site.inside(make_school)
    staff(visit).open(f"/scholen/{school.id}/aanspreekpunt")
    visit.refused("Verstuur de vraag")


@STAFF_PAGES.add("schools.appoint", "appoint where somebody was asked")
def _(visit: Visit) -> None:
    page = staff(visit).open(f"/scholen/{visit.site.inside(asked_school)}/aanspreekpunt")
    page.locator("#name").fill("Nog Iemand")
    page.locator("#email").fill("nog.iemand@demo.example")
    visit.refused("Verstuur de vraag")


@STAFF_PAGES.add("schools.end_contact", "end the task of an aanspreekpunt")
def _(visit: Visit) -> None:
    def fill() -> int:
        school = make_school()
        make_contact_person(school)
        return school.id

    staff(visit).open(f"/scholen/{visit.site.inside(fill)}/aanspreekpunt/beeindigen")


@STAFF_PAGES.add("schools.end_contact", "withdraw a question")
def _(visit: Visit) -> None:
    staff(visit).open(f"/scholen/{visit.site.inside(asked_school)}/aanspreekpunt/beeindigen")


# ── one person ─────────────────────────────────────────────────────────────


def decided(visit: Visit, *words: str, finished: bool = False) -> str:
    """Somebody about whom O&S decided these things, one after the other; signs in as O&S and gives the address."""
    library = visit.site.library

    def fill() -> int:
        school = make_school()
        made = make_finished(library, school=school) if finished else make_person(school=school)
        reason = "Deze account wordt door twee mensen gebruikt. Dat spraken we zo niet af."
        for word in words:
            form: dict[str, Any] = {"reason": reason, "by": OFFICE, "link_base": "http://127.0.0.1"}
            if word == "grant_live":
                form["followed_on"] = date(2025, 10, 6)
            getattr(decisions, word)(library, made.id, **form)
        return made.id

    person_id = visit.site.inside(fill)
    staff(visit)
    return f"/begeleiders/{person_id}"


def put_person(endpoint: str, name: str, *words: str, finished: bool = False, path: str = "") -> None:
    STAFF_PAGES.put(endpoint, name, lambda visit: visit.open(decided(visit, *words, finished=finished) + path))


put_person("monitoring.person", "somebody new")
put_person("monitoring.person", "somebody who did the course", finished=True)
put_person("monitoring.person", "somebody of the live navorming", "grant_live")
put_person("monitoring.person", "somebody with an opened pack", "open_pack")
put_person("monitoring.person", "somebody who lost the pack", "revoke", finished=True)
put_person("monitoring.person", "somebody who has it back", "revoke", "reopen", finished=True)
put_person("monitoring.grant_live", "decide: live", path="/live")
put_person("monitoring.open_pack", "decide: open", path="/openen")
put_person("monitoring.revoke", "decide: take back", finished=True, path="/intrekken")
put_person("monitoring.reopen", "decide: give back", "revoke", finished=True, path="/heropenen")


@STAFF_PAGES.add("monitoring.grant_live", "decide without a day")
def _(visit: Visit) -> None:
    visit.open(f"{decided(visit)}/live")
    visit.refused("Geef attest en pakket")


@STAFF_PAGES.add("monitoring.own_school", "own school")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.demo_id(CONTACT)).open("/mijn-school")


@STAFF_PAGES.add("monitoring.own_school", "two own schools")
def _(visit: Visit) -> None:
    def fill() -> int:
        first, second = make_school(), make_school()
        person = make_contact_person(first)
        db.session.add_all(
            [
                Membership(person_id=person.id, school_id=second.id, started_at=now()),
                Contact(
                    school_id=second.id, name=person.name, email=person.email, person_id=person.id,
                    appointed_at=now(), accepted_at=now(),
                ),
            ]
        )  # fmt: skip
        db.session.commit()
        return person.id

    visit.sign_in(visit.site.inside(fill)).open("/mijn-school")


def show_preview(visit: Visit, broken: bool = False) -> None:
    """Let staff see a copy of the course in which one lesson is new and another one changed."""
    folder = visit.site.config.data / ("preview-broken" if broken else "preview")
    if not folder.exists():
        shutil.copytree(visit.site.config.courses, folder)
        module = folder / "navorming" / "drempels"
        lesson = module / "waarom-jij.md"
        lesson.write_text(
            lesson.read_text().replace("minutes: ", "minutes: 1" if broken else "minutes: ", 1) + "\nEn dit is nieuw.\n"
        )
        (module / "nieuw.md").write_text(
            "---\nid: m1-nieuw\nslug: nieuw\ntitle: Een nieuwe les\nminutes: 3\nroute: verdieping\n---\n\nLees dit.\n"
        )
        with (module / "module.yaml").open("a") as file:
            file.write("" if broken else "  - nieuw.md\n")
    Versions(visit.site.config.content).show_preview(folder)


@STAFF_PAGES.add("learning.preview", "preview of new content")
def _(visit: Visit) -> None:
    show_preview(visit)
    page = staff(visit).open("/voorproef")
    assert page.get_by_text("Alles is in orde").is_visible()


@STAFF_PAGES.add("learning.preview", "preview of content with problems")
def _(visit: Visit) -> None:
    show_preview(visit, broken=True)
    page = staff(visit).open("/voorproef")
    assert page.get_by_role("heading", name="problemen").is_visible()


@STAFF_PAGES.add("learning.preview", "no preview")
def _(visit: Visit) -> None:
    Versions(visit.site.config.content).show_preview(None)
    staff(visit).open("/voorproef")


@STAFF_PAGES.add("learning.preview_lesson", "lesson of the preview")
def _(visit: Visit) -> None:
    show_preview(visit)
    staff(visit).open("/voorproef/bijvragen/open-gesloten-suggestief")


@STAFF_PAGES.add("learning.preview_dialogue", "conversation of the preview, at its end")
def _(visit: Visit) -> None:
    show_preview(visit)
    page = staff(visit).open("/voorproef/gesprek/jade?weg=a~b")
    assert page.get_by_role("heading", name="Zo loopt het af").is_visible()


@STAFF_PAGES.add("pack.preview_session", "session of the preview")
def _(visit: Visit) -> None:
    show_preview(visit)
    staff(visit).open("/voorproef/sessie/talenten")


@STAFF_PAGES.add("learning.objections", "nobody disagreed", server=EMPTY)
def _(visit: Visit) -> None:
    person = visit.site.inside(lambda: make_person(role=Role.OS_STAFF))
    visit.sign_in(person.id).open("/bijvragen")


def disagree(visit: Visit) -> int:
    """Somebody who typed an own bijvraag and did not agree with the verdict; gives the id."""
    live = visit.site.library
    exercise = next(item for lesson in live.course.lessons for item in lesson.exercises if item.kind == "own_question")
    person_id = make_person().id
    submit_answer(live, exercise.id, wrong_answer(exercise), key=new_key(), by=person_id)
    object_to_verdict(live, exercise.id, by=person_id)
    return person_id


@STAFF_PAGES.add("learning.objections", "somebody disagreed")
def _(visit: Visit) -> None:
    visit.site.inside(lambda: disagree(visit))
    staff(visit).open("/bijvragen")


@STAFF_PAGES.add("learning.lesson", "an own bijvraag that somebody disagreed with")
def _(visit: Visit) -> None:
    visit.sign_in(visit.site.inside(lambda: disagree(visit))).open("/navorming/bijvragen/meer-oefenen")
