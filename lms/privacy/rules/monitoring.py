"""Tables of monitoring: counts that schools give, and the project's own history. Youngsters are only counted."""

from __future__ import annotations

from lms.privacy.rules.parts import Basis, Erased, Group, Keep, NotPersonal, Part

PARTS = (
    Part(
        table="progression",
        group=Group.SCHOOL,
        title="Aantallen tot september die je invulde",
        purpose="Om te weten hoeveel jongeren van een school na de toolbox verder studeren, zonder namen.",
        basis=Basis.INTEREST,
        keep=Keep(says="Zolang de school in de lijst staat. Na je vertrek staat je naam er niet meer bij."),
        erased=Erased.KEPT,
        erased_text="Blijft zonder je naam: de school heeft deze aantallen geteld.",
        by_person="changed_by_id",
        shown={
            "school_id": "School of organisatie",
            "school_year": "Schooljaar dat begon in",
            "started": "Begonnen met de toolbox",
            "finished": "De toolbox afgerond",
            "visited": "Naar een infodag geweest",
            "enrolled": "Ingeschreven in hoger onderwijs",
            "working": "Koos om te werken",
            "elsewhere": "Iets anders",
            "not_known": "Niet bekend",
            "changed_at": "Laatst bewaard",
        },
        lookup={"school_id": ("school", "name")},
        technical=("id", "version", "changed_by_id"),
    ),
)

_REPORT = "what the report of the project published about organisations; youngsters are counted"

NOT_PERSONAL = (
    NotPersonal(
        table="reminder_switch",
        reason="which reminders go out, for everybody",
        columns=frozenset({"id", "rule", "is_on", "changed_at"}),
    ),
    NotPersonal(
        table="progression_reason",
        reason="how many youngsters of a school gave a reason",
        columns=frozenset({"id", "progression_id", "reason", "count"}),
    ),
    NotPersonal(
        table="history_event",
        reason=_REPORT,
        columns=frozenset(
            {
                "id", "ref", "position", "kind", "trajectory", "context", "organisation", "detail", "day", "place",
                "municipalities", "source", "notes",
            }
        ),
    ),
    NotPersonal(table="history_count", reason=_REPORT, columns=frozenset({"id", "event_id", "means", "count"})),
    NotPersonal(
        table="history_answer",
        reason=_REPORT,
        columns=frozenset(
            {"id", "ref", "position", "context", "question", "answer", "respondents", "count", "source", "notes"}
        ),
    ),
    NotPersonal(
        table="history_note", reason=_REPORT, columns=frozenset({"id", "ref", "position", "text", "about"})
    ),
    NotPersonal(
        table="history_total",
        reason=_REPORT,
        columns=frozenset({"id", "ref", "position", "label", "published", "found", "notes"}),
    ),
)  # fmt: skip
