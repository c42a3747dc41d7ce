"""Personal data of the navorming: answers go, what counts for the figures stays without a name."""

from __future__ import annotations

from lms.privacy.rules.parts import Basis, Erased, Group, Keep, Part

ANSWERS = 12
AFTER_ATTEST = (
    "na je attest, en nooit korter dan 12 maanden nadat je antwoordde. Zonder attest: zolang je account bestaat."
)
FOR_THE_FIGURES = "Blijft zonder je naam, zodat de cijfers van je school blijven kloppen."
WITH_ACCOUNT = "Zolang je account bestaat."

PARTS = (
    Part(
        table="attempt",
        group=Group.COURSE,
        title="Je antwoorden",
        purpose="Om je uitleg te geven bij wat je koos en je notities te bewaren. Alleen jij ziet ze.",
        basis=Basis.AGREEMENT,
        keep=Keep(months=ANSWERS, since=("created_at",), after_attest=True, says=AFTER_ATTEST),
        erased=Erased.DELETED,
        erased_text="Al je antwoorden en notities verdwijnen.",
        by_person="person_id",
        shown={"exercise_id": "Oefening", "answer": "Antwoord", "result": "Resultaat", "created_at": "Wanneer"},
        technical=("id", "person_id", "key", "content_digest"),
    ),
    Part(
        table="dialogue_play",
        group=Group.COURSE,
        title="Gesprekken die je oefende",
        purpose="Om je verder te laten praten waar je was. Alleen jij ziet ze.",
        basis=Basis.AGREEMENT,
        keep=Keep(months=ANSWERS, since=("started_at",), after_attest=True, says=AFTER_ATTEST),
        erased=Erased.DELETED,
        erased_text="Al je gesprekken verdwijnen.",
        by_person="person_id",
        shown={
            "dialogue_id": "Gesprek",
            "started_at": "Begonnen",
            "ending_id": "Einde",
            "ended_at": "Afgerond",
            "closed_at": "Opnieuw begonnen",
        },
        technical=("id", "person_id"),
    ),
    Part(
        table="dialogue_turn_said",
        group=Group.COURSE,
        title="Wat je in die gesprekken zei",
        purpose="Om het gesprek te tonen en je uitleg te geven. Alleen jij ziet het.",
        basis=Basis.AGREEMENT,
        keep=Keep(says="Even lang als het gesprek."),
        erased=Erased.DELETED,
        erased_text="Alles wat je zei, verdwijnt.",
        through=("play_id", "dialogue_play"),
        shown={
            "turn_id": "Beurt",
            "option_id": "Wat je koos",
            "goals": "Wat je vraag deed",
            "created_at": "Wanneer",
            "taken_back_at": "Teruggenomen",
        },
        technical=("id", "play_id", "position"),
    ),
    Part(
        table="test_sitting",
        group=Group.COURSE,
        title="Je toetsen",
        purpose="Om je toets na te kijken en je uitleg te geven. Alleen jij ziet ze.",
        basis=Basis.AGREEMENT,
        keep=Keep(months=ANSWERS, since=("started_at",), after_attest=True, says=AFTER_ATTEST),
        erased=Erased.DELETED,
        erased_text="Al je toetsen verdwijnen.",
        by_person="person_id",
        shown={
            "test_id": "Toets",
            "drawn": "Vragen die je kreeg",
            "answers": "Antwoorden",
            "is_retake": "Herkansing",
            "score": "Score",
            "passed": "Geslaagd",
            "started_at": "Begonnen",
            "handed_in_at": "Ingediend",
        },
        technical=("id", "person_id"),
    ),
    Part(
        table="evidence",
        group=Group.COURSE,
        title="Hoever je bent",
        purpose="Om je verder te laten gaan waar je was, en om te weten wanneer je klaar bent.",
        basis=Basis.AGREEMENT,
        keep=Keep(says=WITH_ACCOUNT),
        erased=Erased.KEPT,
        erased_text=FOR_THE_FIGURES,
        by_person="person_id",
        shown={"course_id": "Navorming", "ref": "Wat je toonde", "shown_at": "Wanneer"},
        technical=("id", "person_id"),
    ),
    Part(
        table="completion",
        group=Group.COURSE,
        title="Dat je de navorming afrondde",
        purpose="Om je pakket te openen.",
        basis=Basis.AGREEMENT,
        keep=Keep(says=WITH_ACCOUNT),
        erased=Erased.KEPT,
        erased_text=FOR_THE_FIGURES,
        by_person="person_id",
        shown={
            "course_id": "Navorming",
            "basis": "Hoe",
            "course_version": "Versie van de navorming",
            "completed_at": "Afgerond",
            "revoked_at": "Ingetrokken",
        },
        technical=("id", "person_id", "rule_version", "content_digest"),
    ),
    Part(
        table="attest",
        group=Group.COURSE,
        title="Je attest",
        purpose="Om te kunnen tonen dat je attest echt is.",
        basis=Basis.AGREEMENT,
        keep=Keep(says="Het nummer en de datum blijven, ook na je account."),
        erased=Erased.KEPT,
        erased_text="Nummer en datum blijven. Wie het nummer nakijkt, leest dat het attest niet meer beschikbaar is.",
        through=("completion_id", "completion"),
        shown={"code": "Nummer", "issued_at": "Datum"},
        technical=("id", "completion_id"),
    ),
)
