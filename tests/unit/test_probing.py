"""The judging of a bijvraag: single rules, promises that hold for any text, and the measured accuracy."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.didactics.probing import Kind, Verdict, judge_question
from lms.didactics.probing.measure import Row, measure, read_rows

DATA = Path(__file__).resolve().parents[1] / "data" / "probing.csv"
STAGE = "Mijn stage in de garage vond ik zwaar, maar ik sleutel graag."


def kind(question: str, answer: str = STAGE) -> str:
    return judge_question(answer, question).type.value


def rule(question: str, label: str = "type", answer: str = STAGE) -> str:
    return next(finding.rule for finding in judge_question(answer, question).findings if finding.label == label)


@pytest.mark.parametrize(
    "question",
    [
        "Wat deed je daar?",
        "Kan je daar meer over vertellen?",
        "vertel daar eens over",
        "Beschrijf die garage eens",
        "Leg eens uit hoe dat gaat",
        "Ik ben benieuwd hoe dat was.",
        "Zou u dat eens kunnen toelichten?",
        "Hoe zijt ge daar op gekomen?",
        "Wa deed ge daar dan allemaal",
        "En toen?",
        "Waarom koos je die garage?",
        "Welke foto past daar het best bij?",
        "Wanneer voel je je sterk?",
        "Wlke foto past bij jou?",
        "wta deed je daar",
    ],
)
def test_what_opens_is_open_whatever_its_form(question: str) -> None:
    assert kind(question) == "open"


@pytest.mark.parametrize(
    "question",
    [
        "Heb je dat al vaker gedaan?",
        "Heb je 't gedaan?",
        "Hoe oud was je?",
        "Hoeveel weken duurde dat?",
        "Wanneer begon je daarmee?",
        "Was je alleen of met iemand samen?",
        "Weet je hoe lang het duurt?",
        "Als ik het goed begrijp vond je het zwaar?",
        "Welke afdeling was dat?",
    ],
)
def test_yes_no_choice_fact_and_checking_are_closed(question: str) -> None:
    assert kind(question) == "gesloten"


@pytest.mark.parametrize(
    ("question", "because"),
    [
        ("Zou je niet beter eerst je diploma halen?", "suggestief-raad"),
        ("Vind je ook niet dat studeren slimmer is?", "suggestief-mening"),
        ("Is dat niet gevaarlijk?", "suggestief-ontkenning"),
        ("Je gaat daar blijven werken, hé?", "suggestief-aanhangsel"),
        ("Komt dat door je baas?", "suggestief-oorzaak"),
        ("Ben je bang?", "suggestief-gevoel"),
        ("Waarom heb je niets gezegd?", "suggestief-waarom-niet"),
        ("Dus dan word je mecanicien?", "suggestief-conclusie"),
    ],
)
def test_a_push_is_suggestive_and_says_which(question: str, because: str) -> None:
    assert kind(question) == "suggestief"
    assert rule(question) == because


@pytest.mark.parametrize("question", ["Oké, dank je.", "Knap hoor!", "We gaan verder.", "", "   ", "🙂", "Amai."])
def test_no_question_is_none(question: str) -> None:
    assert kind(question) == "geen"


def test_a_feeling_the_youngster_named_is_no_presupposition() -> None:
    assert kind("Wat maakte je zo bang?", answer="Ik was bang op mijn stage.") == "open"
    assert kind("Wat maakte je zo bang?") == "suggestief"


@pytest.mark.parametrize(
    ("question", "stacked"),
    [
        ("Wat deed je daar en hoe voelde dat?", True),
        ("Wat deed je daar? Was het ver?", True),
        ("Amai, zwaar. Wat hielp je?", False),
        ("Je werkt daar graag, toch?", False),
        ("Echt? Wat deed je dan?", False),
        ("Wie zei 'wat doe je hier?' tegen jou?", False),
        ("Welk stukje klopt wel en welk niet?", False),
        ("Vertel eens, hoe ging dat?", False),
    ],
)
def test_two_different_questions_are_stacked(question: str, stacked: bool) -> None:
    assert judge_question(STAGE, question).stacked is stacked


def test_the_last_question_gives_the_type() -> None:
    assert kind("Was het ver? Wat deed je daar?") == "open"
    assert kind("Wat deed je daar? Was het ver?") == "gesloten"


@pytest.mark.parametrize(
    ("question", "blaming"),
    [
        ("Waarom heb je weer niets gezegd?", True),
        ("Je had beloofd om te bellen. Wat is er gebeurd?", True),
        ("Waarom koos je die garage?", False),
        ("Wat maakte het zwaar?", False),
        ("Wat had je niet verwacht?", False),
    ],
)
def test_reproach_is_heard_and_a_neutral_why_is_not(question: str, blaming: bool) -> None:
    assert judge_question(STAGE, question).blaming is blaming


def test_reproach_in_a_lead_sentence_leaves_the_type() -> None:
    verdict = judge_question(STAGE, "Je bent weer te laat. Wat is er gebeurd?")
    assert (verdict.type, verdict.blaming) == (Kind.OPEN, True)


@pytest.mark.parametrize(
    ("question", "judging"),
    [
        ("Knap! Wat deed je daar?", True),
        ("Is dat niet wat kortzichtig?", True),
        ("Amai, dat lijkt me zwaar. Wat hielp je?", False),
        ("Wat vind je mooi aan die garage?", False),
        ("Keitof. Wat nog?", True),
    ],
)
def test_praise_and_criticism_are_judging_and_sympathy_is_not(question: str, judging: bool) -> None:
    assert judge_question(STAGE, question).judging is judging


@pytest.mark.parametrize(
    ("answer", "question", "uptake"),
    [
        ("Ik teken graag.", "Wat heb je al getekend?", True),
        ("Ik schrijf verhalen.", "Welk verhaal ken je nog?", True),
        ("Ik werk in een winkel.", "Hoe ziet zo'n werkdag eruit?", True),
        ("Ik ga bij mijn papa wonen.", "Hoe kijkt je vader daarnaar?", True),
        ("Ik wil dat doen.", "Wat wil je doen?", False),
        ("Ik teken graag.", "Wat vind je daarvan?", False),
    ],
)
def test_uptake_hears_lemmas_and_compounds_and_no_light_verbs(answer: str, question: str, uptake: bool) -> None:
    assert judge_question(answer, question).uptake is uptake


@pytest.mark.parametrize(
    ("answer", "question", "rewrite"),
    [
        (STAGE, "Duurde je stage lang?", "Vertel eens iets meer over je stage."),
        ("Ik wil bij mijn ouders blijven.", "Is dat slim?", "Vertel eens iets meer over je ouders."),
        ("Ik teken graag.", "Elke dag?", "Hoe is het voor jou als je tekent?"),
        ("Geen idee.", "Echt niet?", "Je zei ‘idee’. Hoe is dat voor jou?"),
        (STAGE, "Wat deed je op je stage en was het ver?", "Wat deed je op je stage?"),
        (STAGE, "Knap! Wat deed je daar?", "Wat deed je daar?"),
    ],
)
def test_the_rewrite_keeps_the_words_of_youngster_or_learner(answer: str, question: str, rewrite: str) -> None:
    assert judge_question(answer, question).rewrite == rewrite


def test_a_question_that_needs_nothing_gets_no_rewrite() -> None:
    assert judge_question(STAGE, "Wat leerde je op je stage?").rewrite is None


def test_a_finding_shows_the_stretch_it_looked_at() -> None:
    question = "Oké. Zou je niet beter stoppen?"
    finding = judge_question(STAGE, question).findings[0]
    assert question[finding.start : finding.end] == finding.text == "Zou je niet beter"


# ── promises for any text ──────────────────────────────────────────────────

WORDS = (
    "wat hoe waarom je ge u niet toch hé zou beter moet dat is vind leuk , ? . ! en of vertel eens stage knap 'k da's"
)
QUESTION_BITS = st.sampled_from(WORDS.split(" "))
TURNS = st.one_of(
    st.text(max_size=200), st.lists(QUESTION_BITS, max_size=25).map(" ".join), st.text(string.printable, max_size=200)
)


def labels(verdict: Verdict) -> tuple[object, ...]:
    flags = (verdict.type, verdict.stacked, verdict.blaming, verdict.judging, verdict.uptake)
    return (*flags, tuple(finding.rule for finding in verdict.findings))


@settings(max_examples=400, deadline=None)
@given(TURNS, TURNS)
def test_any_text_gets_the_same_verdict_twice_and_a_rewrite_that_opens(answer: str, question: str) -> None:
    verdict = judge_question(answer, question)
    assert verdict == judge_question(answer, question)
    assert [finding.label for finding in verdict.findings] == ["type", "stacked", "blaming", "judging", "uptake"]
    assert all(finding.text == question[finding.start : finding.end] for finding in verdict.findings)
    if verdict.rewrite is None:
        assert verdict.opens and verdict.uptake
    else:
        assert judge_question(answer, verdict.rewrite).opens


@settings(max_examples=300, deadline=None)
@given(st.lists(QUESTION_BITS, max_size=25).map(" ".join), st.text(string.ascii_letters + " .?", max_size=80))
def test_capitals_and_spaces_change_nothing(question: str, answer: str) -> None:
    verdict = labels(judge_question(answer, question))
    assert labels(judge_question(answer.upper(), question.upper())) == verdict
    assert labels(judge_question(answer, "  " + question.replace(" ", " \n\t ") + " ")) == verdict


@pytest.mark.parametrize(
    "text",
    [
        "wat doe je " * 455,
        "a" * 5000,
        "?" * 5000,
        "\x00" * 5000,
        "<script>alert(1)</script>" * 200,
        "😀👩‍👩‍👧" * 700,
        "’" * 5000,
        "en " * 1700,
        "niet beter " * 455,
        "ما هو حلمك؟ Что ты делаешь? 你做什么？",
        "\ud800 wat?",
    ],
)
def test_five_thousand_characters_of_anything_get_a_verdict(text: str) -> None:
    verdict = judge_question(text[:5000], text[:5000])
    assert verdict.type in Kind


# ── accuracy ───────────────────────────────────────────────────────────────

# A little under what was measured when the rules were last changed; docs/probing.md gives the numbers.
HELD = {"type": 0.93, "stacked": 0.97, "blaming": 0.95, "judging": 0.96, "uptake": 0.93}


def part(name: str) -> list[Row]:
    return [row for row in read_rows(DATA.read_bytes()) if row.part == name]


def test_the_held_rows_stay_as_accurate_as_they_were_measured() -> None:
    rows = part("held")
    result = measure(rows)
    assert len(rows) >= 120
    assert {label: result.accuracy(label) >= floor for label, floor in HELD.items()} == dict.fromkeys(HELD, True)


def test_the_labelled_set_is_large_varied_and_kept_apart() -> None:
    tune, held = part("tune"), part("held")
    assert len(tune) + len(held) >= 360
    assert {row.labels["type"] for row in held} == {kind.value for kind in Kind}
    assert not {row.answer for row in tune} & {row.answer for row in held}


def test_the_better_question_never_asks_for_reasons() -> None:
    """*Waarom* opens and may still sound like a reproach, so it is no example to follow."""
    verdict = judge_question("Ik ben gestopt met mijn stage.", "Waarom heb je dat gedaan? En vond je dat niet dom?")
    assert verdict.rewrite is not None and "aarom" not in verdict.rewrite
