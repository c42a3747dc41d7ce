"""Every route, every method, every kind of visitor: as declared here by hand, tried with real requests.

The table is written out and not taken from the code, so that a page which changes its declaration, or comes
without one, does not pass until somebody decided about it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select

import lms.web.access
from lms.clock import now
from lms.content.models import Choice, Library, Rehearsal
from lms.database import db
from lms.learning.forms import new_key
from lms.pack.rules.planning import school_year_of
from lms.people.actions import accounts as invitations
from lms.people.actions import own_account
from lms.people.queries import get_person
from lms.people.rules.mails import Stops, stop_token
from lms.people.tables import CodePurpose, SignIn, SignInCode, StaffInvitation
from lms.permissions import Permission, Role
from lms.web.access import PUBLIC, access_of, check_declarations, public, requires
from tests.factories import make_person, make_school
from tests.world import (
    STAFF,
    TOTP_SECRET,
    UNKNOWN_ID,
    Browser,
    Side,
    database_state,
    end_transaction,
    form_token,
    invite,
    library_of,
    make_side,
    path_mailed_to,
    revoke_pack,
    visitor_of,
)

# ── what is declared ───────────────────────────────────────────────────────

SIGNED_IN, LEARN, OPEN_PACK = Permission.SIGNED_IN, Permission.LEARN, Permission.OPEN_PACK
OWN_ACCOUNT, OWN_SECOND_FACTOR, MANAGE_ACCOUNTS = (
    Permission.OWN_ACCOUNT,
    Permission.OWN_SECOND_FACTOR,
    Permission.MANAGE_ACCOUNTS,
)
BRING_COLLEAGUES, SEE_OWN_SCHOOL, SEE_SCHOOLS, MANAGE_SCHOOLS = (
    Permission.BRING_COLLEAGUES,
    Permission.SEE_OWN_SCHOOL,
    Permission.SEE_SCHOOLS,
    Permission.MANAGE_SCHOOLS,
)
PREVIEW_CONTENT = Permission.PREVIEW_CONTENT
DECIDE_COMPLETION = Permission.DECIDE_COMPLETION
SEND_REMINDERS = Permission.SEND_REMINDERS
ANSWER_QUESTIONS = Permission.ANSWER_QUESTIONS

DECLARED: dict[tuple[str, str, str], Permission | str] = {
    ("/", "GET", "public.home"): PUBLIC,
    ("/privacy", "GET", "public.privacy"): PUBLIC,
    ("/toegankelijkheid", "GET", "public.accessibility"): PUBLIC,
    ("/healthz", "GET", "public.health"): PUBLIC,
    ("/start", "GET", "public.start"): SIGNED_IN,
    ("/aanmelden", "GET", "people.sign_in"): PUBLIC,
    ("/aanmelden", "POST", "people.sign_in"): PUBLIC,
    ("/aanmelden/code", "GET", "people.sign_in_code"): PUBLIC,
    ("/aanmelden/code", "POST", "people.sign_in_code"): PUBLIC,
    ("/aanmelden/tweede-stap", "GET", "people.second_factor"): SIGNED_IN,
    ("/aanmelden/tweede-stap", "POST", "people.second_factor"): SIGNED_IN,
    ("/aanmelden/wachtwoord", "GET", "people.sign_in_password"): PUBLIC,
    ("/aanmelden/wachtwoord", "POST", "people.sign_in_password"): PUBLIC,
    ("/aanmelden/herstelcode", "GET", "people.recovery"): SIGNED_IN,
    ("/aanmelden/herstelcode", "POST", "people.recovery"): SIGNED_IN,
    ("/aanmelden/opnieuw", "POST", "people.sign_in_again"): SIGNED_IN,
    ("/account", "GET", "people.account"): SIGNED_IN,
    ("/account/naam", "GET", "people.name"): OWN_ACCOUNT,
    ("/account/naam", "POST", "people.name"): OWN_ACCOUNT,
    ("/account/mail", "GET", "people.email"): OWN_ACCOUNT,
    ("/account/mail", "POST", "people.email"): OWN_ACCOUNT,
    ("/account/mail/intrekken", "POST", "people.withdraw_email"): OWN_ACCOUNT,
    ("/account/mail/bevestigen/<token>", "GET", "people.confirm_email"): PUBLIC,
    ("/account/mail/bevestigen/<token>", "POST", "people.confirm_email"): PUBLIC,
    ("/account/wachtwoord", "GET", "people.password"): OWN_ACCOUNT,
    ("/account/wachtwoord", "POST", "people.password"): OWN_ACCOUNT,
    ("/account/wachtwoord/verwijderen", "GET", "people.remove_password"): OWN_ACCOUNT,
    ("/account/wachtwoord/verwijderen", "POST", "people.remove_password"): OWN_ACCOUNT,
    ("/account/aanmeldingen/<id:sign_in_id>/beeindigen", "POST", "people.end_sign_in"): OWN_ACCOUNT,
    ("/account/aanmeldingen/beeindigen", "POST", "people.end_other_sign_ins"): OWN_ACCOUNT,
    ("/account/tweede-stap", "GET", "people.new_second_factor"): OWN_SECOND_FACTOR,
    ("/account/tweede-stap", "POST", "people.new_second_factor"): OWN_SECOND_FACTOR,
    ("/account/herstelcodes", "GET", "people.recovery_codes"): OWN_SECOND_FACTOR,
    ("/account/herstelcodes", "POST", "people.recovery_codes"): OWN_SECOND_FACTOR,
    ("/account/herstelcodes/bewaard", "POST", "people.keep_recovery_codes"): OWN_SECOND_FACTOR,
    ("/account/mails", "POST", "people.mails"): OWN_ACCOUNT,
    # The link under an optional mail works without signing in; test_stop_link.py tries who it stops mail for.
    ("/stop/<token>", "GET", "monitoring.stop"): PUBLIC,
    ("/stop/<token>", "POST", "monitoring.stop_now"): PUBLIC,
    ("/beheer", "GET", "people.accounts"): MANAGE_ACCOUNTS,
    ("/beheer/nieuw", "GET", "people.invite_staff"): MANAGE_ACCOUNTS,
    ("/beheer/nieuw", "POST", "people.invite_staff"): MANAGE_ACCOUNTS,
    ("/beheer/uitnodiging/<id:invitation_id>/intrekken", "POST", "people.withdraw_invitation"): MANAGE_ACCOUNTS,
    ("/beheer/<id:person_id>", "GET", "people.person"): MANAGE_ACCOUNTS,
    ("/beheer/<id:person_id>", "POST", "people.person"): MANAGE_ACCOUNTS,
    ("/beheer/<id:person_id>/sluiten", "POST", "people.disable"): MANAGE_ACCOUNTS,
    ("/beheer/<id:person_id>/openen", "POST", "people.enable"): MANAGE_ACCOUNTS,
    ("/beheer/<id:person_id>/tweede-stap", "POST", "people.reset_second_factor"): MANAGE_ACCOUNTS,
    ("/medewerker-worden/<token>", "GET", "people.become_staff"): PUBLIC,
    ("/medewerker-worden/<token>", "POST", "people.become_staff"): PUBLIC,
    ("/afmelden", "POST", "people.sign_out"): SIGNED_IN,
    ("/account/export", "GET", "privacy.export"): OWN_ACCOUNT,
    ("/account/export.json", "GET", "privacy.export_file"): OWN_ACCOUNT,
    ("/account/verwijderen", "GET", "privacy.delete_account"): OWN_ACCOUNT,
    ("/account/verwijderen", "POST", "privacy.delete_account"): OWN_ACCOUNT,
    ("/account/terug", "GET", "privacy.undo_deletion"): SIGNED_IN,
    ("/account/terug", "POST", "privacy.undo_deletion"): SIGNED_IN,
    ("/registreren", "GET", "schools.register"): PUBLIC,
    ("/registreren", "POST", "schools.register"): PUBLIC,
    ("/registreren/code", "GET", "schools.register_code"): PUBLIC,
    ("/registreren/code", "POST", "schools.register_code"): PUBLIC,
    ("/uitnodiging/<token>", "GET", "schools.invitation"): PUBLIC,
    ("/uitnodiging/<token>", "POST", "schools.invitation"): PUBLIC,
    ("/s/<code>", "GET", "schools.school_link"): PUBLIC,
    ("/s/<code>", "POST", "schools.join_by_link"): LEARN,
    ("/account/scholen", "GET", "schools.add_workplace"): LEARN,
    ("/account/scholen", "POST", "schools.add_workplace"): LEARN,
    ("/account/scholen/<id:school_id>/weg", "POST", "schools.leave_school"): LEARN,
    ("/account/scholen/<id:school_id>/terug", "POST", "schools.return_to_school"): LEARN,
    ("/scholen/<id:school_id>/affiche", "GET", "schools.poster"): BRING_COLLEAGUES,
    ("/scholen/<id:school_id>/link", "POST", "schools.renew_link"): BRING_COLLEAGUES,
    ("/scholen/<id:school_id>/uitnodigen", "GET", "schools.invite"): BRING_COLLEAGUES,
    ("/scholen/<id:school_id>/uitnodigen", "POST", "schools.invite"): BRING_COLLEAGUES,
    (
        "/scholen/<id:school_id>/uitnodiging/<id:invitee_id>/opnieuw",
        "POST",
        "schools.invite_colleague_again",
    ): BRING_COLLEAGUES,
    (
        "/scholen/<id:school_id>/uitnodiging/<id:invitee_id>/intrekken",
        "POST",
        "schools.withdraw_invitation",
    ): BRING_COLLEAGUES,
    ("/scholen/<id:school_id>/collega/<id:membership_id>/weg", "POST", "schools.end_membership"): BRING_COLLEAGUES,
    (
        "/scholen/<id:school_id>/collega/<id:membership_id>/terug",
        "POST",
        "schools.restore_membership",
    ): BRING_COLLEAGUES,
    ("/scholen", "GET", "monitoring.schools"): SEE_SCHOOLS,
    ("/scholen/uitvoer.csv", "GET", "monitoring.schools_csv"): SEE_SCHOOLS,
    ("/scholen/uitvoer.xlsx", "GET", "monitoring.schools_xlsx"): SEE_SCHOOLS,
    ("/scholen/<id:school_id>", "GET", "monitoring.school"): SEE_SCHOOLS,
    ("/overzicht", "GET", "monitoring.overview"): SEE_SCHOOLS,
    ("/overzicht/tellen", "POST", "monitoring.gather"): SEE_SCHOOLS,
    ("/overzicht/scholen", "GET", "monitoring.overview_schools"): SEE_SCHOOLS,
    ("/overzicht/begeleiders", "GET", "monitoring.overview_learners"): SEE_SCHOOLS,
    ("/overzicht/sessies", "GET", "monitoring.overview_sessions"): SEE_SCHOOLS,
    ("/overzicht/aanspreekpunten", "GET", "monitoring.overview_contacts"): SEE_SCHOOLS,
    ("/scholen/<id:school_id>/overdracht", "GET", "schools.hand_over"): BRING_COLLEAGUES,
    ("/scholen/<id:school_id>/overdracht", "POST", "schools.hand_over"): BRING_COLLEAGUES,
    ("/scholen/<id:school_id>/overdracht/opnieuw", "POST", "schools.ask_successor_again"): BRING_COLLEAGUES,
    ("/scholen/<id:school_id>/overdracht/intrekken", "POST", "schools.withdraw_successor"): BRING_COLLEAGUES,
    ("/overnemen/<token>", "GET", "schools.take_over"): PUBLIC,
    ("/overnemen/<token>", "POST", "schools.take_over"): PUBLIC,
    ("/mijn-school/<id:school_id>/bevestigen", "POST", "schools.confirm_contact"): SEE_OWN_SCHOOL,
    ("/mijn-school/<id:school_id>/stoppen", "GET", "schools.stop_being_contact"): SEE_OWN_SCHOOL,
    ("/mijn-school/<id:school_id>/stoppen", "POST", "schools.stop_being_contact"): SEE_OWN_SCHOOL,
    ("/mijn-school/<id:school_id>/overdracht", "GET", "monitoring.handed_over"): SEE_OWN_SCHOOL,
    ("/vandaag", "GET", "monitoring.today"): SEE_SCHOOLS,
    ("/scholen/<id:school_id>/contact", "GET", "schools.note_contact"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/contact", "POST", "schools.note_contact"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/contact/<id:note_id>", "GET", "schools.change_note"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/contact/<id:note_id>", "POST", "schools.change_note"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/contact/<id:note_id>/gedaan", "POST", "schools.finish_action"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/contact/<id:note_id>/toch-niet", "POST", "schools.reopen_action"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/contact/<id:note_id>/uitstellen", "POST", "schools.postpone_action"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/opzij", "GET", "schools.set_aside"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/opzij", "POST", "schools.set_aside"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/opzij/terug", "POST", "schools.take_up"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/opvolgen", "POST", "schools.follow_school"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/opvolgen/stop", "POST", "schools.let_go"): MANAGE_SCHOOLS,
    ("/scholen/nieuw", "GET", "schools.add"): MANAGE_SCHOOLS,
    ("/scholen/nieuw", "POST", "schools.add"): MANAGE_SCHOOLS,
    ("/scholen/dubbels", "GET", "monitoring.doubles"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/samenvoegen", "GET", "monitoring.merge"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/samenvoegen/<id:other_id>", "GET", "monitoring.merge_with"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/samenvoegen/<id:other_id>", "POST", "monitoring.merge_with"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/wijzigen", "GET", "schools.edit"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/wijzigen", "POST", "schools.save"): MANAGE_SCHOOLS,
    ("/scholen/invoeren", "GET", "schools.choose_file"): MANAGE_SCHOOLS,
    ("/scholen/invoeren", "POST", "schools.choose_file"): MANAGE_SCHOOLS,
    ("/scholen/invoeren/<id:import_id>", "GET", "schools.file_preview"): MANAGE_SCHOOLS,
    ("/scholen/invoeren/<id:import_id>", "POST", "schools.apply_file"): MANAGE_SCHOOLS,
    ("/scholen/invoeren/voorbeeld.csv", "GET", "schools.example_file"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/verwijderen", "GET", "schools.remove"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/verwijderen", "POST", "schools.remove"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/aanspreekpunt", "GET", "schools.appoint"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/aanspreekpunt", "POST", "schools.appoint"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/aanspreekpunt/opnieuw", "POST", "schools.invite_again"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/aanspreekpunt/beeindigen", "GET", "schools.end_contact"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/aanspreekpunt/beeindigen", "POST", "schools.end_contact"): MANAGE_SCHOOLS,
    ("/scholen/wens/<id:wish_id>", "POST", "schools.settle_wish"): MANAGE_SCHOOLS,
    ("/herinneringen", "GET", "monitoring.reminders"): SEND_REMINDERS,
    ("/herinneringen/<rule>", "GET", "monitoring.reminder_rule"): SEND_REMINDERS,
    ("/herinneringen/<rule>", "POST", "monitoring.switch_reminders"): SEND_REMINDERS,
    ("/mijn-school", "GET", "monitoring.own_school"): SEE_OWN_SCHOOL,
    ("/mijn-school/september", "GET", "reporting.own_september"): SEE_OWN_SCHOOL,
    ("/mijn-school/september", "POST", "reporting.own_september"): SEE_OWN_SCHOOL,
    ("/scholen/<id:school_id>/september", "GET", "reporting.september"): MANAGE_SCHOOLS,
    ("/scholen/<id:school_id>/september", "POST", "reporting.september"): MANAGE_SCHOOLS,
    ("/overzicht/geschiedenis", "GET", "reporting.history"): SEE_SCHOOLS,
    ("/overzicht/geschiedenis.csv", "GET", "reporting.history_csv"): SEE_SCHOOLS,
    ("/overzicht/geschiedenis.xlsx", "GET", "reporting.history_xlsx"): SEE_SCHOOLS,
    ("/overzicht/jaarverslag", "GET", "reporting.report"): SEE_SCHOOLS,
    ("/overzicht/jaarverslag.pdf", "GET", "reporting.report_pdf"): SEE_SCHOOLS,
    ("/overzicht/jaarverslag.xlsx", "GET", "reporting.report_xlsx"): SEE_SCHOOLS,
    ("/begeleiders/<id:person_id>", "GET", "monitoring.person"): SEE_SCHOOLS,
    ("/begeleiders/<id:person_id>/scholen", "GET", "monitoring.add_workplace"): MANAGE_SCHOOLS,
    ("/begeleiders/<id:person_id>/scholen", "POST", "monitoring.add_workplace"): MANAGE_SCHOOLS,
    ("/begeleiders/<id:person_id>/scholen/<id:school_id>/weg", "POST", "monitoring.end_workplace"): MANAGE_SCHOOLS,
    ("/begeleiders/<id:person_id>/live", "GET", "monitoring.grant_live"): DECIDE_COMPLETION,
    ("/begeleiders/<id:person_id>/live", "POST", "monitoring.grant_live"): DECIDE_COMPLETION,
    ("/begeleiders/<id:person_id>/openen", "GET", "monitoring.open_pack"): DECIDE_COMPLETION,
    ("/begeleiders/<id:person_id>/openen", "POST", "monitoring.open_pack"): DECIDE_COMPLETION,
    ("/begeleiders/<id:person_id>/intrekken", "GET", "monitoring.revoke"): DECIDE_COMPLETION,
    ("/begeleiders/<id:person_id>/intrekken", "POST", "monitoring.revoke"): DECIDE_COMPLETION,
    ("/begeleiders/<id:person_id>/heropenen", "GET", "monitoring.reopen"): DECIDE_COMPLETION,
    ("/begeleiders/<id:person_id>/heropenen", "POST", "monitoring.reopen"): DECIDE_COMPLETION,
    ("/navorming", "GET", "learning.course"): LEARN,
    ("/navorming/klaar", "GET", "learning.finished"): LEARN,
    ("/navorming/eindtaak", "GET", "learning.final_task"): LEARN,
    ("/navorming/eindtaak", "POST", "learning.hand_in_plan"): LEARN,
    ("/navorming/mijn-antwoorden", "GET", "learning.answers"): LEARN,
    ("/navorming/wat-leerde-ik", "GET", "learning.growth"): LEARN,
    ("/navorming/zoeken", "GET", "learning.search_course"): LEARN,
    ("/navorming/<module_slug>/<lesson_slug>", "GET", "learning.lesson"): LEARN,
    ("/navorming/<module_slug>/<lesson_slug>", "POST", "learning.finish_lesson"): LEARN,
    ("/navorming/<module_slug>/<lesson_slug>/<exercise_id>", "GET", "learning.exercise"): LEARN,
    ("/navorming/<module_slug>/<lesson_slug>/<exercise_id>", "POST", "learning.answer"): LEARN,
    ("/navorming/<module_slug>/<lesson_slug>/<exercise_id>/niet-eens", "POST", "learning.object_to_verdict"): LEARN,
    ("/bijvragen", "GET", "learning.objections"): SEE_SCHOOLS,
    ("/navorming/gesprek/<slug>", "GET", "learning.dialogue"): LEARN,
    ("/navorming/gesprek/<slug>", "POST", "learning.say"): LEARN,
    ("/navorming/gesprek/<slug>/terug", "POST", "learning.take_back"): LEARN,
    ("/navorming/gesprek/<slug>/opnieuw", "POST", "learning.restart"): LEARN,
    ("/navorming/gesprek/<slug>/schriftelijk", "POST", "learning.written"): LEARN,
    ("/navorming/klas/<slug>", "GET", "learning.classroom"): LEARN,
    ("/navorming/klas/<slug>", "POST", "learning.play"): LEARN,
    ("/navorming/doorloop/<slug>", "GET", "learning.rehearsal"): LEARN,
    ("/navorming/doorloop/<slug>", "POST", "learning.decide_rehearsal"): LEARN,
    ("/navorming/doorloop/<slug>/begin", "POST", "learning.begin_rehearsal"): LEARN,
    ("/inhoud/navorming/<path:name>", "GET", "learning.image"): LEARN,
    ("/navorming/toets", "GET", "learning.test"): LEARN,
    ("/navorming/toets", "POST", "learning.start_test"): LEARN,
    ("/navorming/toets/<item_id>", "GET", "learning.item"): LEARN,
    ("/navorming/toets/<item_id>", "POST", "learning.answer_item"): LEARN,
    ("/navorming/toets/indienen", "POST", "learning.hand_in"): LEARN,
    ("/voorproef", "GET", "learning.preview"): PREVIEW_CONTENT,
    ("/voorproef/<module_slug>/<lesson_slug>", "GET", "learning.preview_lesson"): PREVIEW_CONTENT,
    ("/voorproef/gesprek/<slug>", "GET", "learning.preview_dialogue"): PREVIEW_CONTENT,
    ("/voorproef/inhoud/<path:name>", "GET", "learning.preview_image"): PREVIEW_CONTENT,
    ("/voorproef/sessie/<slug>", "GET", "pack.preview_session"): PREVIEW_CONTENT,
    ("/werkvormen", "GET", "learning.formats"): LEARN,
    ("/werkvormen/<slug>/favoriet", "POST", "learning.favourite_format"): LEARN,
    ("/werkvormen/<slug>", "GET", "learning.format_page"): LEARN,
    ("/attest/<code>", "GET", "learning.attest"): PUBLIC,
    ("/navorming/attest.pdf", "GET", "learning.own_attest"): LEARN,
    ("/begeleiders/<id:person_id>/attest.pdf", "GET", "learning.attest_of"): SEE_SCHOOLS,
    ("/pakket", "GET", "pack.pack"): LEARN,
    ("/pakket/<slug>", "GET", "pack.fiche"): OPEN_PACK,
    ("/pakket/<slug>/fiche.pdf", "GET", "pack.fiche_pdf"): OPEN_PACK,
    ("/pakket/<slug>/deelnemersblad.pdf", "GET", "pack.sheet_pdf"): OPEN_PACK,
    ("/pakket/<path:rest>", "GET", "pack.nothing"): OPEN_PACK,
    ("/groepen", "GET", "pack.groups_short"): OPEN_PACK,
    ("/pakket/groepen", "GET", "pack.groups"): OPEN_PACK,
    ("/pakket/groepen/nieuw", "GET", "pack.add_group"): OPEN_PACK,
    ("/pakket/groepen/nieuw", "POST", "pack.add_group"): OPEN_PACK,
    ("/pakket/groepen/<id:group_id>", "GET", "pack.group"): OPEN_PACK,
    ("/pakket/groepen/<id:group_id>", "POST", "pack.group"): OPEN_PACK,
    ("/pakket/groepen/<id:group_id>/verwijderen", "POST", "pack.remove_group"): OPEN_PACK,
    ("/pakket/opwarmen", "GET", "pack.warm_up"): OPEN_PACK,
    ("/pakket/opwarmen", "POST", "pack.answer_round"): OPEN_PACK,
    ("/pakket/vragen", "GET", "pack.questions"): OPEN_PACK,
    ("/pakket/vragen", "POST", "pack.park_question"): OPEN_PACK,
    ("/pakket/vragen/<id:question_id>", "GET", "pack.question"): OPEN_PACK,
    ("/pakket/vragen/<id:question_id>", "POST", "pack.question"): OPEN_PACK,
    ("/pakket/vragen/<id:question_id>/klaar", "POST", "pack.settle_question"): OPEN_PACK,
    ("/pakket/vragen/<id:question_id>/terug", "POST", "pack.reopen_question"): OPEN_PACK,
    ("/pakket/vragen/<id:question_id>/naar-os", "POST", "pack.send_question"): OPEN_PACK,
    ("/pakket/vragen/<id:question_id>/niet-naar-os", "POST", "pack.withdraw_question"): OPEN_PACK,
    ("/pakket/vragen/<id:question_id>/verwijderen", "POST", "pack.remove_question"): OPEN_PACK,
    ("/vragen", "GET", "inbox.questions"): ANSWER_QUESTIONS,
    ("/vragen/<id:question_id>", "GET", "inbox.question"): ANSWER_QUESTIONS,
    ("/vragen/<id:question_id>/nemen", "POST", "inbox.take"): ANSWER_QUESTIONS,
    ("/vragen/<id:question_id>/loslaten", "POST", "inbox.release"): ANSWER_QUESTIONS,
    ("/vragen/<id:question_id>/antwoord", "POST", "inbox.answer"): ANSWER_QUESTIONS,
    ("/vragen/<id:question_id>/publiceren", "POST", "inbox.publish"): ANSWER_QUESTIONS,
    ("/vragen/<id:question_id>/niet-publiceren", "POST", "inbox.unpublish"): ANSWER_QUESTIONS,
    ("/pakket/planner", "GET", "pack.planner"): OPEN_PACK,
    ("/pakket/planner/<slug>", "GET", "pack.planner_session"): OPEN_PACK,
    ("/pakket/planner/<slug>", "POST", "pack.save_plan"): OPEN_PACK,
    ("/pakket/planner/plan/<id:plan_id>", "GET", "pack.plan"): OPEN_PACK,
    ("/pakket/planner/plan/<id:plan_id>/naam", "POST", "pack.rename_plan"): OPEN_PACK,
    ("/pakket/planner/plan/<id:plan_id>/kopie", "POST", "pack.copy_plan"): OPEN_PACK,
    ("/pakket/planner/plan/<id:plan_id>/delen", "POST", "pack.share_plan"): OPEN_PACK,
    ("/pakket/planner/plan/<id:plan_id>/niet-delen", "POST", "pack.stop_sharing"): OPEN_PACK,
    ("/pakket/planner/plan/<id:plan_id>/verwijderen", "POST", "pack.remove_plan"): OPEN_PACK,
    ("/pakket/planner/gedeeld/<code>", "GET", "pack.shared_plan"): OPEN_PACK,
    ("/pakket/planner/gedeeld/<code>", "POST", "pack.copy_shared"): OPEN_PACK,
    ("/pakket/planner/plan/<id:plan_id>/agenda.ics", "GET", "pack.plan_calendar"): OPEN_PACK,
    ("/pakket/planner/agenda", "GET", "pack.calendar"): OPEN_PACK,
    ("/pakket/planner/agenda", "POST", "pack.open_calendar"): OPEN_PACK,
    ("/pakket/planner/agenda/nieuw", "POST", "pack.renew_calendar"): OPEN_PACK,
    ("/pakket/planner/agenda/stop", "POST", "pack.close_calendar"): OPEN_PACK,
    # The secret in the address is the key; test_calendar.py tries it in every state of the pack.
    ("/agenda/<token>.ics", "GET", "pack.calendar_feed"): PUBLIC,
    ("/live/<id:plan_id>", "GET", "pack.live"): OPEN_PACK,
    ("/live/verbinding", "GET", "pack.live_connect"): OPEN_PACK,
    ("/live/achtergrond.js", "GET", "pack.live_worker"): PUBLIC,
    ("/live/<id:plan_id>/app.webmanifest", "GET", "pack.live_manifest"): PUBLIC,
    ("/pakket/logboek", "GET", "pack.logs"): OPEN_PACK,
    ("/pakket/logboek/ontvang", "POST", "pack.receive_log"): OPEN_PACK,
    ("/pakket/logboek/nieuw", "GET", "pack.add_log"): OPEN_PACK,
    ("/pakket/logboek/nieuw", "POST", "pack.add_log"): OPEN_PACK,
    ("/pakket/logboek/<id:log_id>", "GET", "pack.log"): OPEN_PACK,
    ("/pakket/logboek/<id:log_id>", "POST", "pack.log"): OPEN_PACK,
    ("/pakket/logboek/<id:log_id>/verwijderen", "POST", "pack.remove_log"): OPEN_PACK,
    ("/voorbeeld", "GET", "pack.sample"): PUBLIC,
    # Only in development; test_production.py sees to it that they exist nowhere else.
    ("/aanmelden/demo", "POST", "dev.demo_sign_in"): PUBLIC,
    ("/_postvak", "GET", "dev.postbox"): PUBLIC,
    ("/huisstijl", "GET", "dev.style_guide"): PUBLIC,
}


def routes_of(app: Flask) -> dict[tuple[str, str, str], Permission | str | None]:
    return {
        (rule.rule, method, rule.endpoint): access_of(app, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_is_declared_and_every_declaration_is_a_route(app: Flask) -> None:
    assert routes_of(app) == DECLARED


def test_a_page_without_declaration_keeps_the_site_from_starting() -> None:
    """Also one that only borrows the blueprint of a feature."""
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/open", view_func=public(lambda: ""), endpoint="open")
    bare.add_url_rule("/closed", view_func=requires(LEARN)(lambda: ""), endpoint="closed")
    check_declarations(bare)
    bare.add_url_rule("/forgotten", view_func=lambda: "", endpoint="forgotten")
    with pytest.raises(lms.web.access.UndeclaredPage, match="forgotten"):
        check_declarations(bare)


# ── the requests ───────────────────────────────────────────────────────────


ACCESS = {(method, endpoint): access for (_, method, endpoint), access in DECLARED.items()}


@dataclass(frozen=True, kw_only=True)
class World:
    """Two schools and everything a valid request needs."""

    a: Side
    b: Side
    library: Library
    empty_school: int
    bare_school: int
    twins: tuple[int, int]
    asked_again: int
    code_browsers: dict[str, str]
    accounts: Accounts


def make_world(app: Flask) -> World:
    library = library_of(app)
    a, b = make_side("Noord", library), make_side("Zuid", library)
    empty, bare, again = make_school().id, make_school().id, make_school().id
    invite(again, "nog-eens@school.example")
    browsers = {}
    for purpose in CodePurpose:
        browsers[purpose.value] = f"browser of the {purpose.value} code"
        db.session.add(
            SignInCode.make(
                purpose, "code@school.example", "123456", browsers[purpose.value], own_device=False, name="Code Vrager"
            )
        )
    db.session.commit()
    end_transaction()
    return World(
        a=a, b=b, library=library, empty_school=empty, bare_school=bare, twins=(make_school().id, make_school().id), asked_again=again, code_browsers=browsers,
        accounts=make_accounts(),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """People to administrate, and links that wait for a button."""

    colleague: int
    leaving: int
    closed: int
    forgetful: int
    invited: int
    staff_link: str
    email_link: str
    stop_link: str


def make_accounts() -> Accounts:
    colleague, leaving = make_person(), make_person()
    closed, forgetful = make_person(disabled_at=now()), make_person(role=Role.OS_STAFF)
    invitations.invite_staff(
        name="Oud", email="oud@school.example", role=Role.OS_STAFF, by=STAFF, link_base="http://127.0.0.1:8000"
    )
    invited = db.session.scalars(select(StaffInvitation.id)).one()
    link = invitations.create_admin_link(name="Nieuw", email="nieuw-beheer@school.example", link_base="")
    person = db.session.merge(colleague)
    own_account.ask_email_change("verhuisd@school.example", by=visitor_of(person), link_base="")
    end_transaction()
    return Accounts(
        colleague=colleague.id, leaving=leaving.id, closed=closed.id, forgetful=forgetful.id, invited=invited,
        staff_link=link, email_link=path_mailed_to("verhuisd@school.example"),
        stop_link=f"/stop/{stop_token(current_app.config['SECRET_KEY'], Stops.PERSON, colleague.id)}",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Case:
    """One valid request. ``granted``: the outcome for whoever has the permission.

    ``owners``: only these actors own the rows it asks for; for others it does not exist.
    """

    method: str
    path: str
    endpoint: str
    data: dict[str, str] = field(default_factory=dict)
    granted: str = "through"
    owners: tuple[str, ...] = ()
    session: dict[str, str] = field(default_factory=dict)

    @property
    def access(self) -> Permission | str:
        return ACCESS[self.method, self.endpoint]


def cases(world: World) -> list[Case]:
    return [
        *_public_cases(world),
        *_account_cases(world),
        *_school_cases(world),
        *_following_cases(world),
        *_september_cases(world),
        *_person_cases(world),
        *_joining_cases(world),
        *_course_cases(world),
        *_planner_cases(world),
        *_question_cases(world),
        *_log_cases(world),
        *_leaving_cases(world),
    ]


def _public_cases(world: World) -> Iterator[Case]:
    for path, endpoint in (
        ("/", "public.home"), ("/privacy", "public.privacy"), ("/toegankelijkheid", "public.accessibility"),
        ("/healthz", "public.health"), ("/start", "public.start"), ("/aanmelden", "people.sign_in"),
        ("/registreren", "schools.register"), ("/voorbeeld", "pack.sample"), ("/huisstijl", "dev.style_guide"),
        ("/_postvak", "dev.postbox"), ("/account", "people.account"),
        ("/aanmelden/tweede-stap", "people.second_factor"), (f"/attest/{world.a.attest}", "learning.attest"),
        (f"/uitnodiging/{world.a.invitation}", "schools.invitation"), (f"/s/{world.a.link}", "schools.school_link"),
        ("/account/export", "privacy.export"), ("/account/export.json", "privacy.export_file"),
        ("/account/verwijderen", "privacy.delete_account"), ("/account/terug", "privacy.undo_deletion"),
    ):  # fmt: skip
        yield Case(method="GET", path=path, endpoint=endpoint)
    sign_in = {"code_browser": world.code_browsers["sign_in"], "code_email": "code@school.example"}
    register = {"code_browser": world.code_browsers["register"], "code_email": "code@school.example"}
    for method in ("GET", "POST"):
        data = {"code": "000000"} if method == "POST" else {}
        yield Case(method=method, path="/aanmelden/code", endpoint="people.sign_in_code", data=data, session=sign_in)
        yield Case(
            method=method, path="/registreren/code", endpoint="schools.register_code", data=data, session=register
        )
    yield Case(method="POST", path="/aanmelden", endpoint="people.sign_in", data={"email": "iemand@school.example"})
    yield Case(
        method="POST", path="/registreren", endpoint="schools.register",
        data={"name": "Nieuwe Collega", "email": "nieuw@school.example", "school": str(world.a.school)},
    )  # fmt: skip
    yield Case(method="POST", path="/aanmelden/tweede-stap", endpoint="people.second_factor", data={"code": "000000"})


def _account_cases(world: World) -> Iterator[Case]:
    accounts = world.accounts
    for path, endpoint in (
        ("/aanmelden/wachtwoord", "people.sign_in_password"), ("/aanmelden/herstelcode", "people.recovery"),
        ("/account/naam", "people.name"), ("/account/mail", "people.email"), ("/account/wachtwoord", "people.password"),
        ("/account/tweede-stap", "people.new_second_factor"), ("/account/herstelcodes", "people.recovery_codes"),
        ("/beheer", "people.accounts"), ("/beheer?zoek=persoon", "people.accounts"),
        ("/beheer/nieuw", "people.invite_staff"), (f"/beheer/{accounts.colleague}", "people.person"),
        (accounts.staff_link, "people.become_staff"), (accounts.email_link, "people.confirm_email"),
        (accounts.stop_link, "monitoring.stop"),
    ):  # fmt: skip
        yield Case(method="GET", path=path, endpoint=endpoint)
    for path, method, endpoint in (
        # Nobody in this world has a password.
        ("/account/wachtwoord/verwijderen", "GET", "people.remove_password"),
        ("/account/wachtwoord/verwijderen", "POST", "people.remove_password"),
        (f"/account/aanmeldingen/{UNKNOWN_ID}/beeindigen", "POST", "people.end_sign_in"),
        (f"/beheer/{UNKNOWN_ID}", "GET", "people.person"), (f"/beheer/{UNKNOWN_ID}/sluiten", "POST", "people.disable"),
        ("/medewerker-worden/bestaat-niet", "GET", "people.become_staff"),
        ("/account/mail/bevestigen/bestaat-niet", "POST", "people.confirm_email"),
        ("/stop/bestaat-niet", "GET", "monitoring.stop"), ("/stop/bestaat-niet", "POST", "monitoring.stop_now"),
    ):  # fmt: skip
        yield Case(method=method, path=path, endpoint=endpoint, granted="missing")
    for path, endpoint, data in (
        ("/aanmelden/wachtwoord", "people.sign_in_password", {"email": "iemand@school.example", "password": "x"}),
        ("/account/naam", "people.name", {"name": "Andere Naam"}),
        ("/account/mail", "people.email", {"email": "elders@school.example"}),
        ("/account/mail/intrekken", "people.withdraw_email", {}),
        ("/account/mails", "people.mails", {"avond": "1"}),
        (accounts.stop_link, "monitoring.stop_now", {}),
        ("/account/wachtwoord", "people.password", {"new": "paard nietje batterij wolk"}),
        ("/account/aanmeldingen/beeindigen", "people.end_other_sign_ins", {}),
        ("/account/tweede-stap", "people.new_second_factor", {"code": "000000"}),
        ("/account/herstelcodes", "people.recovery_codes", {}),
        ("/account/herstelcodes/bewaard", "people.keep_recovery_codes", {}),
        ("/beheer/nieuw", "people.invite_staff", {"name": "Nieuw", "email": "nog@school.example", "role": "os"}),
        (f"/beheer/uitnodiging/{accounts.invited}/intrekken", "people.withdraw_invitation", {}),
        (f"/beheer/{accounts.colleague}", "people.person", {"role": "os"}),
        (f"/beheer/{accounts.leaving}/sluiten", "people.disable", {}),
        (f"/beheer/{accounts.closed}/openen", "people.enable", {}),
        (f"/beheer/{accounts.forgetful}/tweede-stap", "people.reset_second_factor", {}),
    ):
        yield Case(method="POST", path=path, endpoint=endpoint, data=data)


def _school_cases(world: World) -> Iterator[Case]:
    a, b = world.a, world.b
    for path, endpoint in (
        ("/scholen", "monitoring.schools"), (f"/scholen/{a.school}", "monitoring.school"),
        ("/scholen/nieuw", "schools.add"), (f"/scholen/{a.school}/aanspreekpunt", "schools.appoint"),
        ("/scholen/uitvoer.csv", "monitoring.schools_csv"), ("/scholen/uitvoer.xlsx", "monitoring.schools_xlsx"),
        ("/scholen/invoeren", "schools.choose_file"), ("/scholen/invoeren/voorbeeld.csv", "schools.example_file"),
        ("/scholen/dubbels", "monitoring.doubles"), (f"/scholen/{a.school}/samenvoegen", "monitoring.merge"),
        (f"/scholen/{a.school}/samenvoegen/{b.school}", "monitoring.merge_with"),
        (f"/scholen/{a.school}/wijzigen", "schools.edit"), (f"/scholen/{a.school}/verwijderen", "schools.remove"),
        (f"/scholen/{a.school}/aanspreekpunt/beeindigen", "schools.end_contact"),
        ("/mijn-school", "monitoring.own_school"), ("/overzicht/geschiedenis", "reporting.history"),
        ("/overzicht", "monitoring.overview"), (f"/overzicht?opvolger={UNKNOWN_ID}", "monitoring.overview"),
        ("/overzicht/scholen?feit=aanspreekpunt", "monitoring.overview_schools"),
        ("/overzicht/begeleiders?stand=klaar", "monitoring.overview_learners"),
        ("/overzicht/sessies", "monitoring.overview_sessions"),
        ("/overzicht/aanspreekpunten", "monitoring.overview_contacts"),
    ):  # fmt: skip
        yield Case(method="GET", path=path, endpoint=endpoint)
    for side, owner in ((a, "aanspreekpunt"), (b, "other aanspreekpunt")):
        path = f"/mijn-school?school={side.school}"
        yield Case(method="GET", path=path, endpoint="monitoring.own_school", owners=(owner,))
    yield Case(method="POST", path="/overzicht/tellen", endpoint="monitoring.gather")
    yield Case(
        method="POST", path="/scholen/nieuw", endpoint="schools.add",
        data={
            "name": "Nieuwe School", "kind": "so", "municipality": "Bree", "street": "", "postcode": "", "number": "",
        },
    )  # fmt: skip
    yield Case(
        method="POST", path=f"/scholen/{a.school}/wijzigen", endpoint="schools.save",
        data={
            "name": "Andere Naam", "kind": "cvo", "municipality": "Bree", "street": "", "postcode": "3960",
            "number": "123456", "version": "1",
        },
    )  # fmt: skip
    path = f"/begeleiders/{a.facilitator}/scholen"
    yield Case(method="GET", path=path, endpoint="monitoring.add_workplace")
    yield Case(method="POST", path=path, endpoint="monitoring.add_workplace", data={"school": str(b.school)})
    yield Case(method="POST", path=f"{path}/{a.school}/weg", endpoint="monitoring.end_workplace")
    one, other = world.twins
    yield Case(
        method="POST", path=f"/scholen/{one}/samenvoegen/{other}", endpoint="monitoring.merge_with",
        data={"blijft": str(one), f"versie-{one}": "1", f"versie-{other}": "1"},
    )  # fmt: skip
    yield Case(method="POST", path="/scholen/invoeren", endpoint="schools.choose_file", data={"key": new_key()})
    yield Case(
        method="POST",
        path=f"/scholen/{world.bare_school}/verwijderen",
        endpoint="schools.remove",
        data={"version": "1"},
    )
    yield Case(
        method="POST", path=f"/scholen/{world.empty_school}/aanspreekpunt", endpoint="schools.appoint",
        data={"name": "Nieuw Aanspreekpunt", "email": "nieuw-aanspreekpunt@school.example"},
    )  # fmt: skip
    yield Case(
        method="POST", path=f"/scholen/{world.asked_again}/aanspreekpunt/opnieuw", endpoint="schools.invite_again"
    )
    yield Case(
        method="POST", path=f"/scholen/wens/{a.wish}", endpoint="schools.settle_wish", data={"school": str(a.school)}
    )
    for path, method, endpoint in (
        (f"/scholen/{UNKNOWN_ID}", "GET", "monitoring.school"),
        (f"/scholen/{UNKNOWN_ID}/samenvoegen", "GET", "monitoring.merge"),
        (f"/begeleiders/{UNKNOWN_ID}/scholen", "GET", "monitoring.add_workplace"),
        (f"/begeleiders/{a.facilitator}/scholen/{UNKNOWN_ID}/weg", "POST", "monitoring.end_workplace"),
        (f"/scholen/{a.school}/samenvoegen/{UNKNOWN_ID}", "GET", "monitoring.merge_with"),
        (f"/scholen/{UNKNOWN_ID}/samenvoegen/{a.school}", "POST", "monitoring.merge_with"),
        (f"/scholen/{UNKNOWN_ID}/wijzigen", "GET", "schools.edit"),
        (f"/scholen/invoeren/{UNKNOWN_ID}", "GET", "schools.file_preview"),
        (f"/scholen/invoeren/{UNKNOWN_ID}", "POST", "schools.apply_file"),
        (f"/scholen/{UNKNOWN_ID}/wijzigen", "POST", "schools.save"),
        (f"/scholen/{UNKNOWN_ID}/verwijderen", "POST", "schools.remove"),
        (f"/scholen/{UNKNOWN_ID}/aanspreekpunt", "POST", "schools.appoint"),
        (f"/scholen/wens/{UNKNOWN_ID}", "POST", "schools.settle_wish"),
    ):
        yield Case(method=method, path=path, endpoint=endpoint, granted="missing")


OF_A = ("aanspreekpunt", "O&S", "administrator")
OF_B = ("other aanspreekpunt", "O&S", "administrator")


def _contact_cases(world: World) -> Iterator[Case]:
    """Handing over, by the aanspreekpunt or by O&S: somebody was asked, is asked again, and then somebody else is."""
    at, own = f"/scholen/{world.a.school}/overdracht", f"/mijn-school/{world.a.school}"
    yield Case(method="GET", path=at, endpoint="schools.hand_over", owners=OF_A)
    yield Case(method="GET", path=f"/overnemen/{world.b.succession}", endpoint="schools.take_over")
    yield Case(method="GET", path="/overnemen/bestaat-niet", endpoint="schools.take_over", granted="missing")
    yield Case(method="POST", path=f"{at}/opnieuw", endpoint="schools.ask_successor_again", owners=OF_A)
    yield Case(method="POST", path=f"{at}/intrekken", endpoint="schools.withdraw_successor", owners=OF_A)
    yield Case(
        method="POST", path=at, endpoint="schools.hand_over", owners=OF_A,
        data={"name": "Olga Opvolger", "email": "olga@school.example", "message": ""},
    )  # fmt: skip
    yield Case(method="GET", path=f"{own}/overdracht", endpoint="monitoring.handed_over", owners=OF_A[:1])
    yield Case(method="GET", path=f"{own}/stoppen", endpoint="schools.stop_being_contact", owners=OF_A[:1])
    yield Case(method="POST", path=f"{own}/bevestigen", endpoint="schools.confirm_contact", owners=OF_A[:1])


def _following_cases(world: World) -> Iterator[Case]:
    """How O&S follows a school. Each button is there once: what is done already leaves no trace a second time."""
    a, b = world.a, world.b
    yield from _contact_cases(world)
    yield Case(method="GET", path="/vandaag", endpoint="monitoring.today")
    yield Case(method="GET", path="/vandaag?groep=acties&wie=mij", endpoint="monitoring.today")
    yield Case(method="GET", path=f"/scholen/{a.school}/contact", endpoint="schools.note_contact")
    yield Case(method="GET", path=f"/scholen/{a.school}/opzij", endpoint="schools.set_aside")
    written = {"kind": "telefoon", "text": "Gebeld.", "day": "", "next_action": "", "next_on": "", "owner": ""}
    yield Case(
        method="POST", path=f"/scholen/{a.school}/contact", endpoint="schools.note_contact",
        data={**written, "owner": str(world.accounts.forgetful), "key": new_key()},
    )  # fmt: skip
    note = f"/scholen/{a.school}/contact/{a.note}"
    yield Case(method="GET", path=note, endpoint="schools.change_note")
    for word, endpoint, data in (
        ("/uitstellen", "schools.postpone_action", {"tot": "week"}), ("/gedaan", "schools.finish_action", {}),
        ("/toch-niet", "schools.reopen_action", {}),
        ("", "schools.change_note", {**written, "owner": str(world.accounts.forgetful)}),
    ):  # fmt: skip
        yield Case(method="POST", path=note + word, endpoint=endpoint, data=data)
    aside = {"interest": "geen", "reason": "Geen plaats in de planning.", "key": new_key()}
    yield Case(method="POST", path=f"/scholen/{b.school}/opzij", endpoint="schools.set_aside", data=aside)
    for word, endpoint in (
        ("opzij/terug", "schools.take_up"), ("opvolgen", "schools.follow_school"), ("opvolgen/stop", "schools.let_go"),
    ):  # fmt: skip
        yield Case(method="POST", path=f"/scholen/{b.school}/{word}", endpoint=endpoint)
    for method, path, endpoint in (
        ("GET", f"/scholen/{b.school}/contact/{a.note}", "schools.change_note"),
        ("POST", f"/scholen/{b.school}/contact/{a.note}/gedaan", "schools.finish_action"),
        ("GET", f"/scholen/{UNKNOWN_ID}/contact", "schools.note_contact"),
        ("GET", "/vandaag?groep=bestaat-niet", "monitoring.today"),
    ):
        yield Case(method=method, path=path, endpoint=endpoint, granted="missing")


COUNTED = {"started": "9", "finished": "8", "visited": "7", "enrolled": "5", "working": "3", "elsewhere": "0",
           "not_known": "0", "versie": "0"}  # fmt: skip


def _september_cases(world: World) -> Iterator[Case]:
    """What a school counted: of the own school alone, for an aanspreekpunt; of every school, for O&S."""
    yield Case(method="GET", path="/mijn-school/september", endpoint="reporting.own_september")
    for name in ("report", "report_pdf", "report_xlsx"):
        path = f"/overzicht/jaarverslag{name.removeprefix('report').replace('_', '.')}"
        yield Case(method="GET", path=path, endpoint=f"reporting.{name}")
        yield Case(method="GET", path=f"{path}?jaar=1999", endpoint=f"reporting.{name}", granted="missing")
    # The history of this world was never loaded.
    for kind in ("csv", "xlsx"):
        path = f"/overzicht/geschiedenis.{kind}"
        yield Case(method="GET", path=path, endpoint=f"reporting.history_{kind}", granted="missing")
    for side, owner in ((world.a, "aanspreekpunt"), (world.b, "other aanspreekpunt")):
        for method, data in (("GET", {}), ("POST", COUNTED)):
            yield Case(
                method=method, path=f"/mijn-school/september?school={side.school}", data=data,
                endpoint="reporting.own_september", owners=(owner,),
            )  # fmt: skip
    for method, data in (("GET", {}), ("POST", COUNTED)):
        path = f"/scholen/{world.empty_school}/september"
        yield Case(method=method, path=path, endpoint="reporting.september", data=data)
        path = f"/scholen/{UNKNOWN_ID}/september"
        yield Case(method=method, path=path, endpoint="reporting.september", data=data, granted="missing")


def _person_cases(world: World) -> Iterator[Case]:
    """Decisions of O&S: one school starts with nothing open, somebody of the other loses and regains it."""
    new, other, done = world.a.facilitator, world.b.facilitator, world.b.finished
    yield Case(method="GET", path="/herinneringen", endpoint="monitoring.reminders")
    yield Case(method="GET", path="/herinneringen/blijven-steken", endpoint="monitoring.reminder_rule")
    yield Case(method="GET", path="/herinneringen/x", endpoint="monitoring.reminder_rule", granted="missing")
    yield Case(
        method="POST", path="/herinneringen/blijven-steken", endpoint="monitoring.switch_reminders", data={"aan": "1"}
    )
    yield Case(method="GET", path=f"/begeleiders/{new}", endpoint="monitoring.person")
    yield Case(method="GET", path=f"/begeleiders/{UNKNOWN_ID}", endpoint="monitoring.person", granted="missing")
    for word, endpoint, person, granted in (
        ("live", "grant_live", new, "through"), ("openen", "open_pack", other, "through"),
        ("intrekken", "revoke", done, "through"), ("heropenen", "reopen", done, "missing"),
    ):  # fmt: skip
        path = f"/begeleiders/{person}/{word}"
        yield Case(method="GET", path=path, endpoint=f"monitoring.{endpoint}", granted=granted)
        data = {"reason": "Daarom.", "followed_on": "2025-10-06"}
        yield Case(method="POST", path=path, endpoint=f"monitoring.{endpoint}", data=data)


def _joining_cases(world: World) -> Iterator[Case]:
    """Bringing colleagues in: of the own school alone, for an aanspreekpunt; of every school, for O&S."""
    for side, owners in ((world.a, OF_A), (world.b, OF_B)):
        for path, endpoint in (("affiche", "schools.poster"), ("uitnodigen", "schools.invite")):
            yield Case(method="GET", path=f"/scholen/{side.school}/{path}", endpoint=endpoint, owners=owners)
    side, at = world.a, f"/scholen/{world.a.school}"
    yield Case(method="GET", path="/account/scholen", endpoint="schools.add_workplace")
    yield Case(
        method="POST", path=f"{at}/uitnodigen", endpoint="schools.invite", owners=OF_A,
        data={"addresses": "nog.een.collega@school.example"},
    )  # fmt: skip
    yield Case(
        method="POST", path=f"{at}/uitnodiging/{side.invitees[0]}/opnieuw", endpoint="schools.invite_colleague_again",
        owners=OF_A,
    )  # fmt: skip
    yield Case(
        method="POST", path=f"{at}/uitnodiging/{side.invitees[1]}/intrekken", endpoint="schools.withdraw_invitation",
        owners=OF_A,
    )  # fmt: skip
    yield Case(method="POST", path=f"{at}/collega/{side.leaver}/weg", endpoint="schools.end_membership", owners=OF_A)
    yield Case(
        method="POST", path=f"{at}/collega/{side.left}/terug", endpoint="schools.restore_membership", owners=OF_A
    )
    yield Case(method="POST", path=f"{at}/link", endpoint="schools.renew_link", owners=OF_A, data={"code": side.link})
    yield Case(method="POST", path=f"/s/{world.b.link}", endpoint="schools.join_by_link")
    yield Case(
        method="POST", path="/account/scholen", endpoint="schools.add_workplace",
        data={"school": str(world.empty_school)},
    )  # fmt: skip
    for path, endpoint in (
        (f"/account/scholen/{UNKNOWN_ID}/weg", "schools.leave_school"),
        (f"/account/scholen/{UNKNOWN_ID}/terug", "schools.return_to_school"),
        ("/s/cdfg-hjkm", "schools.join_by_link"),
        (f"/scholen/{UNKNOWN_ID}/link", "schools.renew_link"),
    ):
        yield Case(method="POST", path=path, endpoint=endpoint, granted="missing")


def _course_cases(world: World) -> Iterator[Case]:
    course = world.library.course
    module, lesson, exercise = next(
        (module, lesson, exercise)
        for module in course.modules
        for lesson in module.lessons
        for exercise in lesson.exercises
        if isinstance(exercise, Choice)
    )
    spoken = course.dialogues[0]
    written = next(dialogue for dialogue in course.dialogues if dialogue.written_variant is not None)
    assert written.written_variant is not None
    place, talk = f"/navorming/{module.slug}/{lesson.slug}", f"/navorming/gesprek/{spoken.slug}"
    yield Case(method="GET", path="/navorming", endpoint="learning.course")
    yield Case(method="GET", path="/navorming/klaar", endpoint="learning.finished")
    yield Case(method="GET", path="/navorming/attest.pdf", endpoint="learning.own_attest")
    yield Case(method="GET", path=f"/begeleiders/{world.a.finished}/attest.pdf", endpoint="learning.attest_of")
    yield Case(method="GET", path="/navorming/eindtaak", endpoint="learning.final_task")
    yield Case(
        method="POST", path="/navorming/eindtaak", endpoint="learning.hand_in_plan",
        data={"sessie": "wie-ben-jij", "uren": "50", "key": new_key()},
    )  # fmt: skip
    yield Case(method="GET", path="/navorming/mijn-antwoorden", endpoint="learning.answers")
    yield Case(method="GET", path="/navorming/wat-leerde-ik", endpoint="learning.growth")
    yield Case(method="GET", path="/navorming/zoeken?q=vraag", endpoint="learning.search_course")
    yield Case(method="GET", path=place, endpoint="learning.lesson")
    # Every lesson of the course has exercises, so none can be marked as read without doing them.
    yield Case(method="POST", path=place, endpoint="learning.finish_lesson", granted="missing")
    yield Case(method="GET", path=f"{place}/{exercise.id}", endpoint="learning.exercise")
    yield Case(
        method="POST", path=f"{place}/{exercise.id}", endpoint="learning.answer",
        data={"choice": exercise.options[0].id, "key": new_key()},
    )  # fmt: skip
    # A choice has no verdict to disagree with; test_own_question.py does it with an own bijvraag.
    yield Case(
        method="POST", path=f"{place}/{exercise.id}/niet-eens", endpoint="learning.object_to_verdict",
        granted="missing",
    )  # fmt: skip
    yield Case(method="GET", path="/bijvragen", endpoint="learning.objections")
    yield Case(method="GET", path="/inhoud/navorming/geen.png", endpoint="learning.image", granted="missing")
    yield Case(method="GET", path=talk, endpoint="learning.dialogue")
    yield Case(
        method="POST", path=talk, endpoint="learning.say",
        data={"position": "0", "option": spoken.turns[0].options[0].id},
    )  # fmt: skip
    yield Case(method="POST", path=f"{talk}/terug", endpoint="learning.take_back", data={"position": "0"})
    yield Case(method="POST", path=f"{talk}/opnieuw", endpoint="learning.restart")
    yield Case(
        method="POST", path=f"/navorming/gesprek/{written.slug}/schriftelijk", endpoint="learning.written",
        data={"choice": written.written_variant.options[0].id, "key": new_key()},
    )  # fmt: skip
    yield Case(method="GET", path="/navorming/klas/check-out", endpoint="learning.classroom")
    yield Case(
        method="POST", path="/navorming/klas/check-out", endpoint="learning.play",
        data={"seed": "1", "position": "0", "move": "wait", "key": new_key()},
    )  # fmt: skip
    against_the_clock = next(
        item for lesson in course.lessons for item in lesson.exercises if isinstance(item, Rehearsal)
    )
    clock = f"/navorming/doorloop/{against_the_clock.slug}"
    yield Case(method="GET", path=clock, endpoint="learning.rehearsal")
    # Who never began finds nothing to decide, and is told so.
    yield Case(method="POST", path=clock, endpoint="learning.decide_rehearsal", data={"run": "0", "position": "0"})
    yield Case(method="POST", path=f"{clock}/begin", endpoint="learning.begin_rehearsal", data={"run": "0", "day": "7"})
    yield Case(method="GET", path="/navorming/toets", endpoint="learning.test")
    yield Case(method="POST", path="/navorming/toets", endpoint="learning.start_test")
    item = course.test.items[0]
    yield Case(method="GET", path=f"/navorming/toets/{item.id}", endpoint="learning.item")
    yield Case(
        method="POST", path=f"/navorming/toets/{item.id}", endpoint="learning.answer_item",
        data={"option": item.options[0].id},
    )  # fmt: skip
    yield Case(method="POST", path="/navorming/toets/indienen", endpoint="learning.hand_in")
    yield Case(method="GET", path="/werkvormen", endpoint="learning.formats")
    yield Case(
        method="POST",
        path=f"/werkvormen/{world.library.formats[0].slug}/favoriet",
        endpoint="learning.favourite_format",
        data={"wil": "1"},
    )
    yield Case(method="GET", path=f"/werkvormen/{world.library.formats[0].slug}", endpoint="learning.format_page")
    session = world.library.sessions[0]
    # No folder is previewed here, so only the page that says so is there.
    yield Case(method="GET", path="/voorproef", endpoint="learning.preview")
    for path, endpoint in (
        (f"/voorproef/{module.slug}/{lesson.slug}", "learning.preview_lesson"),
        (f"/voorproef/gesprek/{spoken.slug}", "learning.preview_dialogue"),
        ("/voorproef/inhoud/geen.png", "learning.preview_image"),
        (f"/voorproef/sessie/{world.library.sessions[0].slug}", "pack.preview_session"),
    ):
        yield Case(method="GET", path=path, endpoint=endpoint, granted="missing")
    yield Case(method="GET", path="/pakket", endpoint="pack.pack")
    yield Case(method="GET", path=f"/pakket/{session.slug}", endpoint="pack.fiche")
    yield Case(method="GET", path=f"/pakket/{session.slug}/fiche.pdf", endpoint="pack.fiche_pdf")
    sheet = "deelnemersblad.pdf"
    yield Case(method="GET", path=f"/pakket/{session.slug}/{sheet}", endpoint="pack.sheet_pdf")
    yield Case(method="GET", path=f"/pakket/bestaat-niet/{sheet}", endpoint="pack.sheet_pdf", granted="missing")
    yield Case(method="GET", path="/pakket/bestaat-niet", endpoint="pack.fiche", granted="missing")
    yield Case(method="GET", path="/pakket/bestaat-niet/fiche.pdf", endpoint="pack.fiche_pdf", granted="missing")
    yield Case(method="GET", path=f"/pakket/{session.slug}/dieper", endpoint="pack.nothing", granted="missing")


def _planner_cases(world: World) -> Iterator[Case]:
    """The planner and the groups. These actors own no plans: test_planner.py goes through those of two begeleiders."""
    at, unknown = f"/pakket/planner/{world.library.sessions[0].slug}", f"/pakket/planner/plan/{UNKNOWN_ID}"
    yield Case(method="GET", path="/groepen", endpoint="pack.groups_short")
    for path, endpoint in (
        ("/pakket/groepen", "pack.groups"), ("/pakket/groepen/nieuw", "pack.add_group"),
        ("/pakket/planner", "pack.planner"), (f"{at}?uren=2x50&w=s1-verleden:25", "pack.planner_session"),
        ("/pakket/planner/agenda", "pack.calendar"),
    ):  # fmt: skip
        yield Case(method="GET", path=path, endpoint=endpoint)
    yield Case(
        method="POST", path="/pakket/groepen/nieuw", endpoint="pack.add_group",
        data={"label": "6 TSO", "kind": "so", "school_year": str(school_year_of(now().date())), "school_id": ""},
    )  # fmt: skip
    yield Case(method="POST", path=at, endpoint="pack.save_plan", data={"uren": "50", "start": "", "key": new_key()})
    group = f"/pakket/groepen/{UNKNOWN_ID}"
    for method, path, endpoint in (
        ("GET", group, "pack.group"), ("POST", group, "pack.group"),
        ("POST", f"{group}/verwijderen", "pack.remove_group"), ("GET", unknown, "pack.plan"),
        ("POST", f"{unknown}/naam", "pack.rename_plan"), ("POST", f"{unknown}/delen", "pack.share_plan"),
        ("POST", f"{unknown}/niet-delen", "pack.stop_sharing"),
        ("POST", f"{unknown}/verwijderen", "pack.remove_plan"),
        ("GET", "/pakket/planner/gedeeld/bestaat-niet", "pack.shared_plan"),
        ("GET", f"{unknown}/agenda.ics", "pack.plan_calendar"), ("GET", "/agenda/bestaat-niet.ics", "pack.calendar_feed"),
    ):  # fmt: skip
        yield Case(method=method, path=path, endpoint=endpoint, granted="missing")
    for word, endpoint in (("", "open_calendar"), ("/nieuw", "renew_calendar"), ("/stop", "close_calendar")):
        yield Case(method="POST", path=f"/pakket/planner/agenda{word}", endpoint=f"pack.{endpoint}")
    for path, endpoint in (
        (f"{unknown}/kopie", "pack.copy_plan"), ("/pakket/planner/gedeeld/bestaat-niet", "pack.copy_shared"),
    ):  # fmt: skip
        yield Case(method="POST", path=path, endpoint=endpoint, data={"key": new_key()}, granted="missing")


def _question_cases(world: World) -> Iterator[Case]:
    """Questions of somebody with an open pack: for others they do not exist. O&S has those that were sent."""
    owner, own = ("begeleider with open pack",), f"/pakket/vragen/{world.a.question}"
    facts = {"text": "Hoe lang duurt een graduaat?", "place": world.library.sessions[0].slug, "group": ""}
    yield Case(method="GET", path="/pakket/opwarmen", endpoint="pack.warm_up")
    yield Case(method="GET", path=f"/pakket/opwarmen?plan={UNKNOWN_ID}", endpoint="pack.warm_up", granted="missing")
    yield Case(method="POST", path="/pakket/opwarmen", endpoint="pack.answer_round", data={"soort": "open"})
    yield Case(method="GET", path="/pakket/vragen", endpoint="pack.questions")
    yield Case(method="GET", path=own, endpoint="pack.question", owners=owner)
    yield Case(method="POST", path="/pakket/vragen", endpoint="pack.park_question", data={**facts, "key": new_key()})
    yield Case(method="POST", path=own, endpoint="pack.question", data={**facts, "versie": "1"}, owners=owner)
    for act, endpoint in (
        ("klaar", "settle"), ("terug", "reopen"), ("naar-os", "send"), ("niet-naar-os", "withdraw"),
        ("verwijderen", "remove"),
    ):  # fmt: skip
        yield Case(method="POST", path=f"{own}/{act}", endpoint=f"pack.{endpoint}_question", owners=owner)
    sent = f"/vragen/{world.a.sent_question}"
    yield Case(method="GET", path="/vragen?toon=mijn", endpoint="inbox.questions")
    yield Case(method="GET", path=sent, endpoint="inbox.question")
    yield Case(method="GET", path=f"/vragen/{UNKNOWN_ID}", endpoint="inbox.question", granted="missing")
    for act, endpoint, data in (
        ("nemen", "take", {"answer": "", "versie": "3"}), ("loslaten", "release", {"answer": "", "versie": "3"}),
        ("antwoord", "answer", {"answer": "Ja.", "versie": "3"}),
        ("publiceren", "publish", {"words": "Kan dat?", "versie": "4"}), ("niet-publiceren", "unpublish", {}),
    ):  # fmt: skip
        yield Case(method="POST", path=f"{sent}/{act}", endpoint=f"inbox.{endpoint}", data=data)


def _log_cases(world: World) -> Iterator[Case]:
    """The live session and the logbook. test_session_pages.py goes through the rows of two begeleiders."""
    slug, unknown = world.library.sessions[0].slug, f"/pakket/logboek/{UNKNOWN_ID}"
    for path, endpoint in (
        ("/live/verbinding", "pack.live_connect"), ("/live/achtergrond.js", "pack.live_worker"),
        (f"/live/{UNKNOWN_ID}/app.webmanifest", "pack.live_manifest"), ("/pakket/logboek", "pack.logs"),
        ("/pakket/logboek/nieuw", "pack.add_log"), (f"/pakket/logboek/nieuw?sessie={slug}", "pack.add_log"),
    ):  # fmt: skip
        yield Case(method="GET", path=path, endpoint=endpoint)
    for method, path, endpoint in (
        ("GET", f"/live/{UNKNOWN_ID}", "pack.live"), ("GET", unknown, "pack.log"), ("POST", unknown, "pack.log"),
        ("POST", f"{unknown}/verwijderen", "pack.remove_log"),
        ("GET", f"/pakket/logboek/nieuw?plan={UNKNOWN_ID}", "pack.add_log"),
    ):  # fmt: skip
        yield Case(method=method, path=path, endpoint=endpoint, granted="missing")
    yield Case(
        method="POST", path="/pakket/logboek/nieuw", endpoint="pack.add_log",
        data={"sessie": slug, "heads": "veel", "key": new_key()},
    )  # fmt: skip
    # A form is no JSON: it is let through and refused for what it holds.
    yield Case(method="POST", path="/pakket/logboek/ontvang", endpoint="pack.receive_log", data={"client_id": "x"})


def _leaving_cases(world: World) -> Iterator[Case]:
    """What uses up the world of the other cases comes last."""
    own = f"/mijn-school/{world.a.school}"
    yield Case(method="POST", path=f"{own}/stoppen", endpoint="schools.stop_being_contact", owners=OF_A[:1])
    yield Case(method="POST", path=f"/overnemen/{world.b.succession}", endpoint="schools.take_over")
    yield Case(
        method="POST", path=f"/scholen/{world.a.school}/aanspreekpunt/beeindigen", endpoint="schools.end_contact"
    )
    yield Case(method="POST", path=f"/uitnodiging/{world.b.invitation}", endpoint="schools.invitation")
    yield Case(method="POST", path=world.accounts.email_link, endpoint="people.confirm_email")
    yield Case(method="POST", path=world.accounts.staff_link, endpoint="people.become_staff")
    yield Case(method="POST", path="/aanmelden/herstelcode", endpoint="people.recovery", data={"code": "fout"})
    yield Case(method="POST", path="/aanmelden/opnieuw", endpoint="people.sign_in_again")
    # Nobody is a demo person here: the page exists and refuses a stranger.
    yield Case(
        method="POST", path="/aanmelden/demo", endpoint="dev.demo_sign_in", data={"email": "geen@demo.example"},
        granted="missing",
    )  # fmt: skip
    yield Case(method="POST", path="/afmelden", endpoint="people.sign_out")
    yield Case(method="POST", path="/account/verwijderen", endpoint="privacy.delete_account")
    yield Case(method="POST", path="/account/terug", endpoint="privacy.undo_deletion")


def test_the_requests_reach_every_route(app: Flask) -> None:
    """A route for which nobody wrote a request would be a hole in the matrix."""
    adapter = app.url_map.bind("localhost")
    tried = set()
    for case in cases(make_world(app)):
        rule, _ = adapter.match(case.path.split("?")[0], method=case.method, return_rule=True)
        assert rule.endpoint == case.endpoint
        tried.add((rule.rule, case.method, rule.endpoint))
    assert tried == set(DECLARED)


# ── the visitors ───────────────────────────────────────────────────────────

FACILITATOR = frozenset({SIGNED_IN, OWN_ACCOUNT, LEARN})
AT_OWN_SCHOOL = frozenset({SEE_OWN_SCHOOL, BRING_COLLEAGUES})
STAFF_MAY = frozenset(
    {SIGNED_IN, OWN_ACCOUNT, OWN_SECOND_FACTOR, LEARN, OPEN_PACK, BRING_COLLEAGUES, SEE_SCHOOLS, MANAGE_SCHOOLS,
     PREVIEW_CONTENT, DECIDE_COMPLETION, ANSWER_QUESTIONS, SEND_REMINDERS}
)  # fmt: skip
ADMIN_MAY = STAFF_MAY | {MANAGE_ACCOUNTS}


def _disabled(_world: World) -> int:
    person = make_person(disabled_at=now())
    return person.id


def _revoked(world: World) -> int:
    revoke_pack(world.a.finished)
    return world.a.finished


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks. ``person`` gives the id of somebody in the world, or None for a stranger."""

    name: str
    may: frozenset[Permission]
    person: Callable[[World], int] | None
    second_factor: bool = True
    is_leaving: bool = False

    @property
    def is_known(self) -> bool:
        return bool(self.may)

    def browser(self, app: Flask, person_id: int | None) -> Browser:
        browser = Browser(app)
        if person_id is None:
            return browser
        row, token = SignIn.open_for(get_person(person_id), own_device=False, second_factor=self.second_factor)
        db.session.add(row)
        db.session.commit()
        end_transaction()
        with browser.client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return browser


def _staff(role: Role, **fields: Any) -> Callable[[World], int]:
    return lambda _world: make_person(role=role, **{"totp_secret": TOTP_SECRET} | fields).id


ACTORS = [
    Actor(name="anonymous", may=frozenset(), person=None),
    Actor(name="disabled account", may=frozenset(), person=_disabled),
    Actor(name="begeleider", may=FACILITATOR, person=lambda world: world.a.facilitator),
    Actor(name="begeleider of another school", may=FACILITATOR, person=lambda world: world.b.facilitator),
    Actor(name="begeleider with open pack", may=FACILITATOR | {OPEN_PACK}, person=lambda world: world.a.finished),
    Actor(name="begeleider with revoked pack", may=FACILITATOR, person=_revoked),
    Actor(
        name="begeleider who leaves", may=FACILITATOR, is_leaving=True,
        person=lambda _world: make_person(deletion_asked_at=now()).id,
    ),
    Actor(name="aanspreekpunt", may=FACILITATOR | AT_OWN_SCHOOL, person=lambda world: world.a.contact),
    Actor(name="other aanspreekpunt", may=FACILITATOR | AT_OWN_SCHOOL, person=lambda world: world.b.contact),
    Actor(name="O&S", may=STAFF_MAY, person=_staff(Role.OS_STAFF)),
    Actor(name="administrator", may=ADMIN_MAY, person=_staff(Role.ADMIN)),
    Actor(
        name="O&S before the second factor", may=STAFF_MAY, person=_staff(Role.OS_STAFF), second_factor=False
    ),
    Actor(
        name="administrator without a second factor", may=ADMIN_MAY, second_factor=False,
        person=_staff(Role.ADMIN, totp_secret=None, totp_confirmed_at=None),
    ),
]  # fmt: skip
BY_NAME = {actor.name: actor for actor in ACTORS}


def expected(actor: Actor, case: Case) -> str:
    """The outcome of ``case`` for ``actor``, from the declaration alone."""
    needed = case.access
    if needed == PUBLIC:
        return case.granted
    if not actor.is_known:
        return "to sign-in"
    if not actor.second_factor and (needed != SIGNED_IN or case.endpoint == "public.start"):
        return "to second step"
    if actor.is_leaving and (needed != SIGNED_IN or case.endpoint == "public.start"):
        return "to the way back"
    if needed not in actor.may:
        return "locked" if needed == OPEN_PACK else "missing"
    return "missing" if case.owners and actor.name not in case.owners else case.granted


def outcome(status: int, location: str) -> str:
    """What a visitor met, in one word."""
    if status >= 500:
        return f"broken ({status})"
    if status in {301, 302, 303, 307, 308}:
        path = location.split("?")[0]
        names = {
            "/aanmelden": "to sign-in",
            "/aanmelden/tweede-stap": "to second step",
            "/account/terug": "to the way back",
        }
        return names.get(path, "through")
    return {403: "locked", 404: "missing", 400: "forged", 405: "not allowed"}.get(status, "through")


def ask(browser: Browser, method: str, case: Case) -> str:
    if case.session:
        with browser.client.session_transaction() as session:
            session.update(case.session)
    data = {"csrf_token": form_token(browser), **case.data} if method == "POST" else None
    response = browser.raw(method, case.path, data=data)
    return outcome(response.status_code, response.headers.get("Location", ""))


def _copy(browser: Browser) -> Browser:
    """Another browser with the cookie that this one had before it asked for anything."""
    other, cookie = Browser(browser.app), browser.client.get_cookie("navorming")
    if cookie is not None:
        other.client.set_cookie("navorming", cookie.value)
    return other


def differences(app: Flask, actor: Actor, *, among: Container[str] | None = None) -> list[str]:
    """Every request of the matrix whose outcome is not what was declared, or that changed what it may not change.

    ``among``: only requests for these endpoints.
    """
    world = make_world(app)
    person_id = actor.person(world) if actor.person else None
    end_transaction()
    found, before = [], database_state()
    browser = actor.browser(app, person_id)
    before = database_state()
    everything = [case for case in cases(world) if among is None or case.endpoint in among]
    for case in [case for case in everything if case.method == "GET"]:
        # A public page is the same for HEAD; where something is refused, both have to refuse.
        for method in ("GET",) if case.access == PUBLIC else ("GET", "HEAD"):
            got = ask(browser, method, case)
            if got != expected(actor, case):
                found.append(f"{method} {case.path}: {got}, expected {expected(actor, case)}")
    if database_state() != before:
        found.append("a page that was only read changed the database")
    fresh = None
    for case in [case for case in everything if case.method == "POST"]:
        # As long as everything was refused and nothing changed, the same sign-in is as good as a new one.
        if fresh is None:
            fresh, before = actor.browser(app, person_id), database_state()
        got, wanted = ask(_copy(fresh), "POST", case), expected(actor, case)
        if got != wanted:
            found.append(f"POST {case.path}: {got}, expected {wanted}")
        if wanted == "through":
            fresh = None
        elif database_state() != before:
            fresh = None
            found.append(f"POST {case.path}: refused and yet the database changed")
    return found


# Who is met every day; the others are variants of these, and wait for the whole run.
EVERY_DAY = {"anonymous", "begeleider", "begeleider with open pack", "aanspreekpunt", "O&S"}
# What a database decides of access is whose row this is: who is known, which school, whether the pack is open. These
# two meet all of it; what the others may not is decided before any row of a page is asked for.
ON_BOTH = {"begeleider with revoked pack", "other aanspreekpunt"}


@pytest.mark.parametrize(
    "actor",
    [
        pytest.param(
            actor,
            id=actor.name.replace(" ", "-"),
            marks=[
                pytest.mark.both if actor.name in ON_BOTH else pytest.mark.sqlite_alone,
                *([] if actor.name in EVERY_DAY else [pytest.mark.slow]),
            ],
        )
        for actor in ACTORS
    ],
)
def test_everybody_meets_what_was_declared(app: Flask, actor: Actor) -> None:
    assert differences(app, actor) == []


@pytest.mark.slow
@pytest.mark.sqlite_alone
@pytest.mark.parametrize("name", ["begeleider", "other aanspreekpunt", "O&S before the second factor"])
def test_without_the_guard_the_matrix_fails(app: Flask, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The sabotaged twin: every page counts as public."""
    monkeypatch.setattr(lms.web.access, "access_of", lambda app, endpoint: PUBLIC)
    found = "\n".join(differences(app, BY_NAME[name], among={"monitoring.schools", "schools.add"}))
    wanted = expected(BY_NAME[name], Case(method="GET", path="/scholen", endpoint="monitoring.schools"))
    assert f"GET /scholen: through, expected {wanted}" in found
    assert f"POST /scholen/nieuw: through, expected {wanted}\nPOST /scholen/nieuw: refused and yet" in found


@pytest.mark.slow
@pytest.mark.sqlite_alone
def test_with_a_wrong_permission_table_the_matrix_fails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second twin: the guard works but somebody gave everybody everything."""
    monkeypatch.setattr("lms.people.rules.permissions_of", lambda role, **facts: frozenset(Permission))
    found = "\n".join(differences(app, BY_NAME["begeleider"], among={"monitoring.schools", "pack.fiche"}))
    assert "GET /scholen: through, expected missing" in found
    assert "/pakket/" in found and "expected locked" in found


# ── methods and corners ────────────────────────────────────────────────────


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("name", ["anonymous", pytest.param("administrator", marks=pytest.mark.slow)])
def test_methods_that_no_page_has_are_refused_and_change_nothing(app: Flask, name: str) -> None:
    world, actor = make_world(app), BY_NAME[name]
    browser = actor.browser(app, actor.person(world) if actor.person else None)
    adapter = app.url_map.bind("localhost")
    paths = {case.path.split("?")[0] for case in cases(world)}
    before = database_state()
    for path in sorted(paths):
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"} - set(adapter.allowed_methods(path)):
            answer = browser.raw(method, path, data={"csrf_token": form_token(browser)})
            assert answer.status_code == 405, f"{method} {path}: {answer.status_code}"
            assert answer.headers["Allow"], f"{method} {path}: no Allow header"
    assert database_state() == before


def test_options_tell_no_more_than_the_page_itself(app: Flask) -> None:
    world = make_world(app)
    stranger, begeleider = Browser(app), BY_NAME["begeleider"].browser(app, world.a.facilitator)
    assert stranger.raw("OPTIONS", "/scholen").status_code == 302
    assert begeleider.raw("OPTIONS", "/scholen").status_code == 404
    assert begeleider.raw("OPTIONS", "/navorming").status_code == 200


@pytest.mark.sqlite_alone
def test_a_page_that_does_not_exist_is_the_same_for_everybody(app: Flask) -> None:
    world = make_world(app)
    for actor in ACTORS:
        browser = actor.browser(app, actor.person(world) if actor.person else None)
        assert browser.get("/bestaat/niet").status == 404, actor.name


def test_the_refused_visitor_may_come_back_to_the_page_after_signing_in(app: Flask) -> None:
    """The way back is kept for pages that can be opened, never for something that was posted."""
    stranger = Browser(app)
    assert stranger.get("/navorming?a=1").location == "/aanmelden?next=/navorming?a%3D1"
    assert stranger.post("/scholen/nieuw", {"name": "x"}).location == "/aanmelden"


def test_losing_a_right_works_from_the_next_request(app: Flask) -> None:
    """Rights are facts of now, not of the moment of signing in."""
    world = make_world(app)
    browser = BY_NAME["aanspreekpunt"].browser(app, world.a.contact)
    assert browser.get("/mijn-school").status == 200
    end_transaction()
    staff = BY_NAME["O&S"].browser(app, BY_NAME["O&S"].person(world))  # type: ignore[misc]
    page = staff.post(f"/scholen/{world.a.school}/aanspreekpunt/beeindigen", token=form_token(staff))
    assert page.status == 303
    assert browser.get("/mijn-school").status == 404
    end_transaction()
