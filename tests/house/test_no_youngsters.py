"""Youngsters are counted, never named: no column of the database can hold who a youngster is.

Any column of text could hold a name. So each of them is written down here with what it holds; a new one
fails until somebody has thought about it.
"""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import JSON, Column, Date, Enum, Integer, LargeBinary, MetaData, String, Table, inspect

import lms.app  # noqa: F401 - makes every table known
from lms.database import Base, db

# Data about adults who work with youngsters, and nobody else.
ADULTS = {
    "person.email": "the address of a begeleider or a member of staff",
    "person.name": "the name of a begeleider or a member of staff, for the attest",
    "contact.name": "the name of the aanspreekpunt that was asked",
    "contact.email": "the address of the aanspreekpunt that was asked",
    "completion.followed_on": "the day on which a begeleider followed the live navorming",
    "completion_change.reason": "why O&S opened, closed or granted something to a begeleider",
    "succession.name": "the name of a colleague who is asked to be the next aanspreekpunt",
    "succession.email": "the address of a colleague who is asked to be the next aanspreekpunt",
    "succession.message": "what an aanspreekpunt tells the next one about the task",
    "invited_colleague.name": "the name of a begeleider who was invited by a colleague",
    "invited_colleague.email": "the address of a begeleider who was invited by a colleague",
    "sign_in_code.email": "the address of somebody who wants to get in",
    "sign_in_code.details": "what a begeleider typed at registration, until the code is given",
    "email_change.new_email": "the address a begeleider or a member of staff wants to use",
    "wrong_tries.email_fingerprint": "the fingerprint of an address for which a password was tried in vain",
    "staff_invitation.name": "the name of somebody who is asked to become staff",
    "staff_invitation.email": "the address of somebody who is asked to become staff",
    "outbox_mail.recipient": "the address of one of the above",
    "reminder.name": "the name of who got a reminder",
    "reminder.email": "the address of who got a reminder",
    "reminder.why": "from our own sentences, with the name of a school",
    "outbox_mail.subject": "from our own templates",
    "outbox_mail.body": "from our own templates",
}
# About organisations.
ORGANISATIONS = {
    "school.name": "the name of a school",
    "school.municipality": "where the school is",
    "taught_figure.organisation": "schools, centres or youth work, taken together",
    "school_figure.municipality": "where the school is, copied from the school",
    "school_figure.last_contact": "the day of the last contact with a school",
    "school_figure.search_key": "the name, municipality and number of a school, in small letters",
    "school_figure.name_mark": "a fingerprint of the name of a school",
    "school_figure.words_mark": "a fingerprint of the words in the name of a school",
    "school_figure.address_mark": "a fingerprint of the address of a school",
    "school_wish.wish": "the name of a school that was missing in the list",
    "merged_school.name": "the name of a school that was merged",
    "merged_school.municipality": "where that school was",
    "merged_school.number": "the number of that school",
    "school_import.filename": "the name of a file with schools",
    "school_import.rows": "schools from a file, until O&S decides",
    "school.street": "where the school is",
    "school.postcode": "where the school is",
    "school.number": "the number of the school",
    "school.interest_reason": "why a school does not want to, or later",
    "school.interest_until": "when a school may be asked again",
    "contact_note.text": "what O&S heard from a school",
    "contact_note.day": "the day of a contact with a school",
    "contact_note.next_action": "what O&S will do for a school",
    "contact_note.next_on": "when O&S will do it",
}
# The project's own history, from files of the project: organisations, places and days that its report published.
HISTORY = {
    "history_event.organisation": "with which organisation there was a conversation, survey or session",
    "history_event.detail": "which session, or a conversation in group or alone",
    "history_event.day": "the day of a conversation, survey or session",
    "history_event.place": "where it was",
    "history_event.municipalities": "in which municipalities it was",
    "history_event.source": "where the report has it",
    "history_answer.question": "a question of the survey of 2023-2025",
    "history_answer.answer": "an answer of a fixed list",
    "history_answer.source": "where the report has it",
    "history_note.text": "where the report contradicts itself",
    "history_total.label": "what a total counts",
}
# What a begeleider answers in the course, for that begeleider alone.
OWN_ANSWERS = {
    "attempt.answer": "chosen options, private notes and typed bijvragen",
    "probing_objection.said": "what the youngster of an exercise says, from our own content",
    "probing_objection.question": "a bijvraag typed to that; a likely first name gets a warning",
    "test_sitting.answers": "chosen options",
}
# How a begeleider calls a group or a plan, and when it is; a likely first name gets a gentle warning.
PLANS = {
    "pack_group.label": "how a begeleider calls a group, such as 5 TSO maandag",
    "plan.label": "how a begeleider calls a plan",
    "plan.day": "the day of a lesson",
    "evening_mail.day": "the day of a lesson",
    "session_log.day": "the day of a lesson",
    "session_log.worked": "what a begeleider noticed; a likely first name gets a warning",
    "question.text": "a question for later, in the words of the begeleider; a likely first name gets a warning",
    "question.answer": "what O&S answers",
    "question.published_as": "the question as O&S writes it for everybody",
}
# Ids of content, random tokens and fingerprints: nothing anybody types.
MACHINE = {
    "person.totp_secret", "sign_in_code.browser_fingerprint", "sign_in_code.code_fingerprint",
    "sign_in.token_fingerprint", "invitation.token_fingerprint", "succession.token_fingerprint", "audit_row.act", "outbox_mail.message_id",
    "school.link_code", "ended_link.code", "school_import.key", "school_import.digest", "school_import.read_as", "sign_in.device", "password.hash", "recovery_code.code_fingerprint",
    "email_change.old_token_fingerprint", "email_change.new_token_fingerprint", "staff_invitation.token_fingerprint",
    "favourite_format.format_id", "attempt.exercise_id", "attempt.key", "attempt.content_digest", "evidence.course_id", "evidence.ref",
    "probing_objection.exercise_id", "probing_objection.rules",
    "dialogue_play.dialogue_id", "dialogue_play.ending_id", "dialogue_turn_said.turn_id",
    "dialogue_turn_said.option_id", "dialogue_turn_said.goals", "test_sitting.test_id", "test_sitting.drawn",
    "completion.course_id", "completion.content_digest", "completion.known_refs", "attest.code", "attest.course",
    "session_log.client_id", "session_log.group_mark", "session_log.session_slug", "session_log.asked",
    "session_log.content_digest", "logged_block.block_id", "logged_block.exercise_id", "contact_note.key",
    "history_event.ref", "history_event.notes", "history_answer.ref", "history_answer.notes", "history_note.ref",
    "history_note.about", "history_total.ref", "history_total.notes",
    "figure_stamp.mark", "learner_figure.module_id", "taught_figure.session_slug",
    "question.client_id", "question.session_slug", "question.exercise_id",
    "plan.key", "plan.session_slug", "plan.hours", "plan.devices", "plan.changes", "plan.content_digest", "plan.share_code",
    "reminder.week", "calendar_link.token", "outbox_mail.stop_url", "outbox_mail.condition",
}  # fmt: skip
DECLARED = {*ADULTS, *ORGANISATIONS, *OWN_ANSWERS, *PLANS, *HISTORY, *MACHINE}

TELLS_WHO = re.compile(
    r"name|naam|mail|phone|gsm|tel(?:e|$|_)|birth|born|geboorte|dob|^age$|_age$|leeftijd|address|adres|gender|geslacht"
    r"|national|rijks|photo|foto|signature|recipient|nick|initial",
)
YOUNGSTERS = re.compile(r"youth|youngster|jongere|pupil|leerling|student|participant|deelnemer|child|kind$")


def who_could_be_named(metadata: MetaData) -> list[str]:
    """Columns that could hold a youngster's name, mail or birth date and are not written down above."""
    found = []
    for table in metadata.sorted_tables:
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            is_text = isinstance(column.type, String | JSON | LargeBinary) and not isinstance(column.type, Enum)
            is_day = isinstance(column.type, Date)
            telling = TELLS_WHO.search(column.name) and not isinstance(column.type, Enum)
            about_youngsters = YOUNGSTERS.search(table.name) or YOUNGSTERS.search(column.name)
            if (is_text or is_day or telling) and (name not in DECLARED or about_youngsters):
                found.append(name)
    return found


def test_no_column_can_hold_who_a_youngster_is() -> None:
    assert who_could_be_named(Base.metadata) == []


def test_columns_that_tell_who_somebody_is_are_only_about_adults_and_organisations() -> None:
    telling = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if TELLS_WHO.search(column.name)
    }
    assert telling <= {*ADULTS, *ORGANISATIONS}, telling - {*ADULTS, *ORGANISATIONS}


def test_the_list_names_no_column_that_is_gone() -> None:
    existing = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns}
    assert existing >= DECLARED, DECLARED - existing


def test_the_database_has_no_column_that_the_tables_do_not_tell(app: Flask) -> None:
    inspector = inspect(db.engine)
    real = {
        f"{table}.{column['name']}"
        for table in inspector.get_table_names()
        if table != "alembic_version"
        for column in inspector.get_columns(table)
    }
    assert real == {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns}


def test_a_column_for_a_youngster_is_seen() -> None:
    """The sabotaged twin: each way to name a youngster is found."""
    metadata = MetaData()
    Table("session_log", metadata, Column("id", Integer, primary_key=True), Column("note", String(80)))
    Table("pupil", metadata, Column("id", Integer, primary_key=True), Column("school_kind", String(2)))
    Table("live_group", metadata, Column("born_on", Date), Column("leeftijd", Integer), Column("size", Integer))
    assert who_could_be_named(metadata) == [
        "live_group.born_on", "live_group.leeftijd", "pupil.school_kind", "session_log.note",
    ]  # fmt: skip
