"""The sentence behind each rule, and the lesson of the course that it comes from.

``{naam}`` stands for the youngster it is about. A rule that may fire for nobody in particular has a second sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lms.content.classroom_models import Scenario
from lms.didactics.classroom.states import Finding, Turn

Tone = Literal["good", "info", "bad"]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """``source``: the lesson, by its slug. ``for_all``: the sentence when it is about nobody in particular."""

    tone: Tone
    text: str
    source: str
    for_all: str = ""


RULES: dict[str, Rule] = {
    "open": Rule(tone="good", source="open-gesloten-suggestief", text="Je vroeg open. {naam} koos zelf wat er kwam."),
    "denkt": Rule(
        tone="info",
        source="wat-een-bijvraag-doet",
        text="{naam} heeft nog geen woorden. Dat is denken, geen weigeren.",
        for_all="Niemand heeft al woorden. Ook dat is denken.",
    ),
    "stilte-loont": Rule(tone="good", source="wat-een-bijvraag-doet", text="Je zweeg, en {naam} vond woorden."),
    "stilte-drukt": Rule(
        tone="bad",
        source="veilig",
        text="De tweede stilte weegt op {naam}. Zeg dan dat passen mag.",
        for_all="Twee keer stil na elkaar kost energie. Maak de vraag kleiner, of laat ze eerst schrijven.",
    ),
    "stilte-breken": Rule(
        tone="bad", source="wat-een-bijvraag-doet", text="{naam} dacht nog na toen jij al verderging."
    ),
    "stapelen": Rule(
        tone="bad", source="wat-een-bijvraag-doet", text="{naam} kreeg een tweede vraag voor de eerste beantwoord was."
    ),
    "ruimte-na": Rule(
        tone="good", source="wat-een-bijvraag-doet", text="Je zweeg na het antwoord, en {naam} vertelde verder."
    ),
    "stilte-rust": Rule(
        tone="info", source="de-juiste-bijvraag", text="{naam} was klaar. Even stil na een antwoord kan nooit kwaad."
    ),
    "stilte-zonder-vraag": Rule(
        tone="bad",
        source="wat-een-bijvraag-doet",
        text="",
        for_all="Er stond geen vraag open. Niemand wist waarop je wachtte.",
    ),
    "volgen": Rule(
        tone="good", source="de-juiste-bijvraag", text="Je nam de woorden van {naam} over. Zo ging het een laag dieper."
    ),
    "te-diep": Rule(
        tone="bad", source="de-juiste-bijvraag", text="Nog een keer doorvragen was voor {naam} te veel. Stop dan."
    ),
    "gesloten": Rule(
        tone="info",
        source="open-gesloten-suggestief",
        text="Een gesloten vraag: goed om te checken, en dan is ze op.",
    ),
    "suggestief": Rule(
        tone="bad", source="open-gesloten-suggestief", text="Jouw mening zat in de vraag. {naam} knikte alleen mee."
    ),
    "duwen": Rule(
        tone="bad",
        source="kiezen-is-de-bedoeling",
        text="Je duwde. {naam} verloor vertrouwen, en wie twijfelde zag het gebeuren.",
    ),
    "ruimte": Rule(tone="good", source="veilig", text="{naam} weet nu dat passen mag. Dat geeft vertrouwen."),
    "toch": Rule(tone="good", source="veilig", text="Het moest niet. Net daarom zei {naam} toch iets."),
    "ruimte-overbodig": Rule(
        tone="info",
        source="veilig",
        text="{naam} had dat nu niet nodig.",
        for_all="Iedereen was al aan het woord.",
    ),
    "snelste": Rule(
        tone="info", source="check-in", text="Vraag je het aan iedereen, dan antwoordt de snelste: {naam}."
    ),
    "uitnodigen": Rule(
        tone="good",
        source="check-out",
        text="Wie al sprak, hield zich in. Zo kwam {naam} aan het woord.",
        for_all="Je maakte plaats voor wie nog niets zei. Nu nog even zwijgen.",
    ),
    "afspraak": Rule(
        tone="good", source="veilig", text="", for_all="De afspraken staan er, in één zin. Dat geeft vertrouwen."
    ),
    "afspraak-beschermt": Rule(
        tone="good", source="kleine-steken", text="Je noemde kort de afspraak. {naam} voelde zich gesteund."
    ),
    "preek": Rule(
        tone="bad", source="kleine-steken", text="", for_all="De afspraak zonder aanleiding herhalen wordt een preek."
    ),
    "steek": Rule(tone="info", source="kleine-steken", text="Er kwam een grap, net na wat {naam} vertelde."),
    "steek-blijft": Rule(
        tone="bad", source="kleine-steken", text="De grap bleef hangen. Niemand nam het op voor {naam}."
    ),
    "monoloog": Rule(
        tone="bad", source="check-in", text="{naam} was twee keer na elkaar aan het woord. De anderen zakten weg."
    ),
    "schrijven": Rule(
        tone="good",
        source="veilig",
        text="",
        for_all="Schrijven voor praten geeft iedereen bedenktijd, en de stille denkers het meest.",
    ),
    "duo": Rule(
        tone="good",
        source="vier-knoppen",
        text="",
        for_all="Per twee praat iedereen, zonder podium. Het kostte wel twee beurten.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Remark:
    """What a turn did, in a Dutch sentence."""

    rule: str
    tone: Tone
    text: str


def remark(scenario: Scenario, finding: Finding) -> Remark:
    rule = RULES[finding.rule]
    text = rule.text.replace("{naam}", scenario.youngster(finding.who).name) if finding.who else rule.for_all
    return Remark(rule=finding.rule, tone=rule.tone, text=text)


def remarks(scenario: Scenario, turn: Turn) -> tuple[Remark, ...]:
    """Everything a turn did, in the order in which it happened."""
    return tuple(remark(scenario, finding) for finding in turn.findings)
