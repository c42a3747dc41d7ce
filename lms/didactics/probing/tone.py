"""Blaming and judging: the tone of a turn, also in a lead sentence.

Didactic sources: *waarom* as reproach is a commonplace of interviewing courses; that praise judges as much as
criticism does comes from the literature on feedback and from the affirmations of motivational interviewing (the A
of OARS: name what you saw, do not value the person). What counts is the project's definition: sympathy with the
situation is not judging, a neutral *waarom* is not blaming.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lms.didactics.probing.clauses import Form
from lms.didactics.probing.kinds import Heard, Reading
from lms.didactics.probing.lexicon import CRITICISM, FILLERS, PRAISE
from lms.didactics.probing.moves import Move

_REPROACH = re.compile(
    r"\b(?:waarom\b.*\b(?:niet|geen|nooit|altijd|toch|weer|nu (?!net)|tegen|dan nog)\b|"
    r"(?:wat heb je) (?:eigenlijk |toch |nu )?tegen\b|"
    r"hoe kan (?:dat|je) (?:dan |nu|toch)|hoe durf je|waarom (?:doe|ben|reageer) je (?:\w+ )?zo\b|nooit eens\b|"
    r"hoe komt het dat je (?:\w+ ){0,3}?(?:niet|geen|weer|nog|nooit)\b|"
    r"je had (?:\w+ ){0,3}?(?:beter|moeten|beloofd|kunnen|gezegd)|harder (?:moet|moeten|kunnen)|zie je nu wel|"
    r"je had (?:\w+ ){0,3}?beloofd|had je (?:\w+ ){0,3}?beloofd|je moet (?:\w+ ){0,3}?(?:nu )?toch|"
    r"(?:nu )?(?:weer|alweer) (?:niet|te laat|geen|aan het|afwezig|vergeten)|(?:ben|is|zit|sta|"
    r"heb) je (?:\w+ ){0,2}?(?:weer|alweer)\b|"
    r"je (?:ben|is|heb) (?:het |dat |je \w+ )?(?:weer|alweer|nog altijd niet|nog steeds niet|nog niet)\b|"
    r"(?:al )?de (?:zoveelste|\w+de) keer|eigen schuld|"
    r"vind je dat normaal|wat bezielt je|wat dacht je|in plaats van te|(?:zit|lig|sta|loop|hang|"
    r"ben) je (?:\w+ ){0,3}?(?:de hele|een hele|heel de) (?:dag|nacht|les|tijd|week)|"
    r"wel (?:\w+ )?(?:ernstig|serieus|goed|genoeg|eerlijk|op tijd|voldoende) (?:\w+ ){0,3}?(?:genomen|voorbereid|"
    r"geleerd|geluisterd|opgelet|ingevuld|geprobeerd|gelezen|"
    r"gedaan|gewerkt|nagedacht)|(?:heb|had|deed) je (?:\w+ )?wel je best|geen moeite|niet opgelet|niet geluisterd|"
    r"niet je best|behalve|alleen maar (?:klagen|zitten|zagen|gamen)|"
    r"je (?:heb )?toch wel iets|al maanden|al weken|al honderd keer|al duizend keer|hoe vaak moet ik|"
    r"hoeveel keer moet ik|ik heb (?:het )?je (?:\w+ ){0,3}?gezegd|"
    r"vraag ik je (?:\w+ )?al|daarvoor (?:staan|doen|sta|doe)|(?:mispeuterd|uitgespookt|uitgevreten|uitgestoken|"
    r"misdaan)|zelf geen|gevolgen heeft|waar(?:om)? zat je met je hoofd|"
    r"(?:is|was) dat nu (?:zo )?moeilijk|doe (?:dan |nu )?(?:eens |gewoon )?(?:niet zo|normaal)|doe (?:dan|nu|"
    r"eens|gewoon) je best|stop (?:eens|nu)|zo negatief|dat had je (?:\w+ )?(?:eerder|vroeger)|te lui)\b"
)
_REPROACH_ASKED = re.compile(r"\b(?:had|kon) je (?:\w+ ){0,3}?(?:niet|beter|geen|wel (?:\w+ ){0,6}ge\w+)\b")
_OWN_NOT = re.compile(r"^waarom\b")
# *Waarom ga je niet naar de bib?* advises; it is no reproach about something left undone.
_SUGGESTS = re.compile(
    r"^(?:\w+ )?waarom (?:ga|kies|vraag|bel|zoek|probeer|praat|neem|volg|kijk|schrijf|stap|word|stop|begin) je niet\b"
)

_START = re.compile(
    r"^(?:(?:en|maar|ja|oke|ah|oh|amai|allez|zeg|dat is|wat een|wat|hoe|echt|heel|zo|ik vind (?:dat|het)|vind ik|"
    r"erg|wel|o|och|goh|super|een) )*"
)
_GOOD_OF = re.compile(
    r"^(?:(?:en|maar|ja|amai|allez|heel|echt|zeer|super|oke) )*(?:goed (?:zo|gedaan|bezig|gezegd|gekozen|verwoord|"
    r"geprobeerd|van je|dat je|gezien|gevonden|idee|antwoord|nagedacht)"
    r"|goei?e \w+|mooi(?:e)?(?: \w+)?|leuk(?:e)?(?: \w+)?|fijn dat|sterk(?: \w+)?|wat een (?:goed|mooi|knap|sterk|"
    r"leuk|tof|fijn|straf|goei|dapper|talent|prestatie|uithouding|moed|doorzetter|lef)\w*)"
)
_YOU_ARE = re.compile(
    r"\b(?:je (?:ben|is) (?:\w+ ){0,3}?(?:een (?:\w+ )?(?:\w+)|goed|sterk|slim|dapper|flink|moedig|talent\w*|lief|"
    r"sociaal|sociale|creatief|gewoon)|je (?:spreek|spreekt|doe|werk|werkt|kan|heb|zing|zingt|teken|tekent) "
    r"(?:\w+ ){0,3}?(?:mooi|goed|knap|prachtig|schitterend|fantastisch|super)\b|(?:fier|trots) op je\b|"
    r"je ben (?:\w+ )?(?:helemaal |echt |toch |zeker )?niet (?!zeker|verplicht|alleen)\w+$|was daar goed in|"
    r"was goed in|veel in je mars|veel talent|"
    r"respect voor|ik bewonder|petje af|hoedje af|goed van je|mooi van je|straf van je|sterk van je|knap van je|"
    r"lief van je|dat je dat (?:zelf )?(?:\w+ )?(?:kan|durf|geregeld))\b"
)
_CRITICAL = re.compile(
    r"\b(?:(?:niet|weinig|wel|niet erg|niet echt|niet heel|niet zo) (?:realistisch|slim|verstandig|volwassen|"
    r"sociaal|haalbaar|beleefd|eerlijk van je|netjes|flink)|je bent (?:gewoon )?(?:te )|"
    r"voor iemand (?:met|als) je|overdrijf|te (?:lui|dom|zwak|jong|braaf|soft|gevoelig|snel content) |"
    r"geen ruggengraat|niks waard|voor minder gaan|sterker in worden|"
    r"beneden je niveau|onder je niveau|zonde van|daar kom je er niet mee|weet je wel beter|stel je (?:niet|"
    r"zo niet) (?:zo )?aan|doe (?:niet|zo niet) (?:zo )?\w+)\b"
)


def find_blame(moves: Sequence[Move], heard: Heard) -> Reading | None:
    """The first stretch of a turn that reads as a reproach about something done, left undone or said."""
    for move in moves:
        asked = () if move.form is Form.WH else _REPROACH_ASKED.finditer(move.text)
        for found in (*_REPROACH.finditer(move.text), *asked):
            if _is_mild(found.group(), move, heard):
                continue
            why = "Dit klinkt als een verwijt. Wie zich moet verdedigen, vertelt niet verder."
            return Reading("verwijt", why, move.place(found.start(), found.end()))
    return None


def _is_mild(said: str, move: Move, heard: Heard) -> bool:
    """A *waarom niet* about what the youngster said not to do is interest; so is advice in the form of a question."""
    if _OWN_NOT.match(said) and not re.search(r"\b(?:altijd|weer|toch|nu|nog|tegen|dan)\b", said):
        if _SUGGESTS.search(move.text):
            return True
        content = [
            token
            for token in move.spoken
            if len(token.word) > 3 and token.word not in {"waarom", "niet", "geen", "nooit"}
        ]
        return heard.denies and all(heard.has(token.word) for token in content)
    return False


def find_judgement(moves: Sequence[Move], heard: Heard) -> Reading | None:
    """The first word of a turn that values the youngster, the choice or the answer, in praise or in criticism."""
    criticism = find_criticism(moves, heard)
    if criticism is not None:
        return criticism
    for move in moves:
        praised = _praise(move, heard)
        if praised:
            why = (
                "Een compliment is ook een oordeel: de jongere wacht op het volgende. Zeg liever wat je hoorde of zag."
            )
            return Reading("oordeel-lof", why, praised)
    return None


def find_criticism(moves: Sequence[Move], heard: Heard) -> Reading | None:
    """The first word or turn of phrase that values in criticism; a word the youngster used first is none."""
    for move in moves:
        for token in move.spoken:
            if token.word in CRITICISM and not heard.has(token.word):
                why = "Dit woord oordeelt over de jongere of de keuze. Dan gaat het over gelijk krijgen."
                return Reading("oordeel-kritiek", why, (token.start, token.end))
        if found := _CRITICAL.search(move.text):
            why = "Hiermee oordeel je over de jongere of de keuze. Dan gaat het over gelijk krijgen."
            return Reading("oordeel-kritiek", why, move.place(found.start(), found.end()))
    return None


def _praise(move: Move, heard: Heard) -> tuple[int, int] | None:
    if move.form in {Form.WH, Form.YES_NO, Form.INVITATION} and not _leads(move):
        return None
    text = move.text
    for pattern in (_GOOD_OF, _YOU_ARE):
        if found := pattern.search(text):
            return move.place(found.start(), found.end())
    start = _START.match(text)
    place = start.end() if start else 0
    words_left = text[place:].split()
    if words_left and words_left[0] in PRAISE and move.form is not Form.DECLARATIVE and len(words_left[0]) > 2:
        return move.place(place, place + len(words_left[0]))
    for index, token in enumerate(move.spoken):
        before = move.spoken[index - 1].word if index else ""
        after_verb = before in {"heel", "echt", "zo", "super", "dat", "vind", "is", "zeer", "knap", "waard", "een"}
        if (
            move.form is Form.STATEMENT
            and token.word in PRAISE
            and (after_verb or index in {0, len(move.spoken) - 1} or len(move.spoken) <= 3)
        ):
            return token.start, token.end
    return None


def _leads(move: Move) -> bool:
    """Whether a question begins with fillers among which praise may hide: *Amai knap, wat …*"""
    return bool(move.spoken) and move.spoken[0].word in PRAISE - FILLERS
