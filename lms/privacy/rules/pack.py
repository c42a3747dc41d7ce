"""Personal data of the begeleiderspakket: groups and plans, which go with the account. Youngsters are only counted."""

from __future__ import annotations

from lms.privacy.rules.parts import Basis, Erased, Group, Keep, Part

WITH_ACCOUNT = "Zolang je account bestaat, of tot je het zelf verwijdert."

PARTS = (
    Part(
        table="pack_group",
        group=Group.PACK,
        title="Je groepen",
        purpose="Om per groep te tonen welke sessies je plande. Alleen jij ziet ze.",
        basis=Basis.AGREEMENT,
        keep=Keep(says=WITH_ACCOUNT),
        erased=Erased.DELETED,
        erased_text="Al je groepen verdwijnen.",
        by_person="person_id",
        shown={
            "label": "Hoe je de groep noemt",
            "school_id": "School of organisatie",
            "school_year": "Schooljaar dat begint in",
            "kind": "Soort",
            "created_at": "Toegevoegd",
        },
        lookup={"school_id": ("school", "name")},
        technical=("id", "person_id"),
    ),
    Part(
        table="plan",
        group=Group.PACK,
        title="Je plannen",
        purpose="Om je sessies in je lesuren te passen. Alleen jij ziet ze, en collega's aan wie je de link geeft.",
        basis=Basis.AGREEMENT,
        keep=Keep(says=WITH_ACCOUNT),
        erased=Erased.DELETED,
        erased_text="Al je plannen verdwijnen, en de links die je deelde.",
        by_person="person_id",
        shown={
            "label": "Naam van het plan",
            "group_id": "Groep",
            "session_slug": "Sessie",
            "hours": "Minuten per lesuur",
            "day": "Dag",
            "start": "Begint om",
            "size": "Aantal jongeren",
            "room": "Lokaal",
            "devices": "Toestellen",
            "changes": "Wat je zelf veranderde",
            "is_first": "Gemaakt in de eindtaak",
            "created_at": "Gemaakt",
            "changed_at": "Laatst bewaard",
        },
        secret={"share_code": "De code in de link waarmee je het plan deelt"},
        lookup={"group_id": ("pack_group", "label")},
        technical=("id", "person_id", "key", "content_digest", "version"),
    ),
)
