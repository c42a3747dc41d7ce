"""The figures that are kept for the overview of O&S."""

from __future__ import annotations

from lms.privacy.rules.parts import Basis, Erased, Group, Keep, NotPersonal, Part

PARTS = (
    Part(
        table="learner_figure",
        group=Group.SCHOOL,
        title="Hoever je bent, voor de cijfers van O&S",
        purpose="Om te tellen hoeveel begeleiders bezig en klaar zijn, en bij welk onderdeel ze stoppen.",
        basis=Basis.INTEREST,
        keep=Keep(says="Zolang je account bestaat. De telling wordt elke paar minuten opnieuw gemaakt."),
        erased=Erased.KEPT,
        erased_text="Blijft zonder je naam, zodat de cijfers van je school blijven kloppen.",
        by_person="person_id",
        shown={
            "school_id": "School of organisatie",
            "is_current": "Je werkt er nu",
            "is_finished": "Klaar met de navorming",
            "module_id": "Verste onderdeel",
            "last_at": "Laatste stap",
            "finished_month": "Maand waarin je klaar was",
        },
        lookup={"school_id": ("school", "name")},
        technical=("membership_id", "person_id"),
    ),
)

NOT_PERSONAL = (
    NotPersonal(
        table="figure_stamp",
        reason="when the figures were gathered",
        columns=frozenset({"id", "taken_at", "mark", "took_ms"}),
    ),
    NotPersonal(
        table="school_figure",
        reason="facts about an organisation",
        columns=frozenset(
            {
                "school_id",
                "position",
                "municipality",
                "kind",
                "owner_id",
                "added_year",
                "was_contacted",
                "has_contact_person",
                "has_started",
                "has_completed",
                "people",
                "busy",
                "finished",
                "stage",
                "last_contact",
                "search_key",
                "name_mark",
                "words_mark",
                "address_mark",
            }
        ),
    ),
    NotPersonal(
        table="year_figure",
        reason="counts about an organisation",
        columns=frozenset({"school_id", "school_year", "sessions", "heads", "contact_persons", "completions"}),
    ),
    NotPersonal(
        table="taught_figure",
        reason="counts of all organisations of one kind together",
        columns=frozenset({"school_year", "session_slug", "organisation", "sessions", "heads"}),
    ),
)
