"""What a learner did. Attempts are the history; evidence says, once per thing, what was shown."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.content.models import Course, Library
from lms.database import Base, enum_type
from lms.didactics.probing import Kind
from lms.learning.rules import Result, course_refs
from lms.learning.rules.completion import REASON_LENGTH, Basis, ChangeKind, attested_course


class Attempt(Base):
    """One answer to one exercise. ``key`` comes from the form, so a double click is one attempt."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_attempt_person_id_exercise_id_id", "person_id", "exercise_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    exercise_id: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[Result] = mapped_column(enum_type(Result, "result"))
    # The fingerprint of the exercise as it was answered: looking back, a changed exercise is told from the same one.
    content_digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column()


class ProbingObjection(Base):
    """Somebody did not agree with the verdict on an own bijvraag: what was asked, and what the rules made of it.

    O&S reads these to mend the rules, without knowing whose they are. The link to the attempt is there so that a
    second click adds nothing and so that erasing the person takes this row along.
    """

    __tablename__ = "probing_objection"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), unique=True)
    exercise_id: Mapped[str] = mapped_column(String(64))
    # What the youngster of the exercise said, as it stood in the content then.
    said: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    kind: Mapped[Kind] = mapped_column(enum_type(Kind, "probing_kind"))
    stacked: Mapped[bool] = mapped_column()
    blaming: Mapped[bool] = mapped_column()
    judging: Mapped[bool] = mapped_column()
    uptake: Mapped[bool] = mapped_column()
    # The ids of the rules that fired, in the order of the labels.
    rules: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(index=True)


class Evidence(Base):
    """What a learner has shown: ``exercise:…``, ``lesson:…``, ``dialogue:…`` or ``test:…``, once each.

    Progress and completion stand on these rows, so no page has to read through all attempts.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "ref"),
        # When somebody was last busy is asked of everybody at once.
        Index("ix_evidence_person_id_shown_at", "person_id", "shown_at"),
        Index("ix_evidence_shown_at", "shown_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course_id: Mapped[str] = mapped_column(String(64))
    ref: Mapped[str] = mapped_column(String(80))
    shown_at: Mapped[datetime] = mapped_column()


class DialoguePlay(Base):
    """One conversation, from its first turn to an ending or a new start."""

    __tablename__ = "dialogue_play"
    __table_args__ = (
        # One conversation at a time per learner and dialogue.
        Index(
            "uq_dialogue_play_open",
            "person_id",
            "dialogue_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    dialogue_id: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column()
    ending_id: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column()
    # Set when the learner starts this dialogue anew; the open row is the one on screen.
    closed_at: Mapped[datetime | None] = mapped_column()


class DialogueTurnSaid(Base):
    """What the learner said in one turn. A turn that was taken back stays, marked."""

    __tablename__ = "dialogue_turn_said"
    __table_args__ = (
        Index(
            "uq_dialogue_turn_said_standing",
            "play_id",
            "position",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    play_id: Mapped[int] = mapped_column(ForeignKey("dialogue_play.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column()
    turn_id: Mapped[str] = mapped_column(String(64))
    option_id: Mapped[str] = mapped_column(String(64))
    goals: Mapped[dict[str, int]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column()
    taken_back_at: Mapped[datetime | None] = mapped_column()


class TestSitting(Base):
    """One try at the final test. ``drawn``: item ids with their options in the order of the screen."""

    __tablename__ = "test_sitting"
    __table_args__ = (
        Index(
            "uq_test_sitting_open",
            "person_id",
            "test_id",
            unique=True,
            sqlite_where=text("handed_in_at IS NULL"),
            postgresql_where=text("handed_in_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    test_id: Mapped[str] = mapped_column(String(64))
    drawn: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # Only the critical items that were wrong in a test that was good enough otherwise.
    is_retake: Mapped[bool] = mapped_column(default=False)
    score: Mapped[int | None] = mapped_column()
    passed: Mapped[bool | None] = mapped_column()
    started_at: Mapped[datetime] = mapped_column()
    handed_in_at: Mapped[datetime | None] = mapped_column()


class Completion(Base):
    """The navorming is done, once per person and course. The rule it stood on is kept with it."""

    __tablename__ = "completion"
    __table_args__ = (UniqueConstraint("person_id", "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course_id: Mapped[str] = mapped_column(String(64))
    basis: Mapped[Basis] = mapped_column(enum_type(Basis, "basis"))
    course_version: Mapped[int] = mapped_column()
    rule_version: Mapped[int] = mapped_column()
    content_digest: Mapped[str] = mapped_column(String(64))
    # All evidence that the course could leave at that moment: what came later is new since the attest. Empty for
    # completions from before this was kept.
    known_refs: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    completed_at: Mapped[datetime] = mapped_column(index=True)
    # The day of the live navorming; only with that basis.
    followed_on: Mapped[date | None] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()

    def stand_on(self, library: Library, basis: Basis, moment: datetime, *, followed_on: date | None = None) -> None:
        """Give the completion this basis, with the versions of now. What was taken back counts again."""
        self.basis, self.followed_on = basis, followed_on
        self.course_version, self.rule_version = library.course.version, library.course.completion.version
        self.content_digest = library.digest
        self.known_refs = sorted(course_refs(library.course))
        self.completed_at, self.revoked_at = moment, None


class Attest(Base):
    """The certificate of a completion. ``code`` stands on paper and leads to the public check page.

    ``course`` says what was attested, as ``AttestedCourse``, since an attest outlives its course. Code and day stay
    when the person is erased; nothing here tells whose they were.
    """

    __tablename__ = "attest"

    id: Mapped[int] = mapped_column(primary_key=True)
    completion_id: Mapped[int | None] = mapped_column(ForeignKey("completion.id", ondelete="SET NULL"), unique=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    issued_at: Mapped[datetime] = mapped_column()
    course: Mapped[dict[str, Any]] = mapped_column(JSON)

    @classmethod
    def of(cls, completion: Completion, course: Course, moment: datetime) -> Self:
        """A new attest for a completion that has its id."""
        return cls(
            completion_id=completion.id,
            code=secrets.token_urlsafe(16),
            issued_at=moment,
            course=asdict(attested_course(course)),
        )


class CompletionChange(Base):
    """One decision about a completion, with its reason as the begeleider may read it."""

    __tablename__ = "completion_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    completion_id: Mapped[int] = mapped_column(ForeignKey("completion.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ChangeKind] = mapped_column(enum_type(ChangeKind, "change_kind"))
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH))
    # None: the learner's own last step, or a member of staff who is gone.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    happened_at: Mapped[datetime] = mapped_column()


class FavouriteFormat(Base):
    """A werkvorm that somebody wants to find back quickly."""

    __tablename__ = "favourite_format"
    __table_args__ = (UniqueConstraint("person_id", "format_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    format_id: Mapped[str] = mapped_column(String(64))
    chosen_at: Mapped[datetime] = mapped_column()
