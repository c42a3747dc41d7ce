"""Where in a sentence a question begins: the Dutch of main clauses, orders and tags.

Didactic source: one question at a time, from the literature on interviewing.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from lms.didactics.probing.lexicon import (
    CONJUNCTIONS,
    DETERMINERS,
    FILLERS,
    FINITE,
    NEGATIONS,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    WAAR_WORDS,
    words,
)
from lms.didactics.probing.tokens import Token, is_mark


class Form(enum.StrEnum):
    """How a move is built. What it does is decided afterwards."""

    WH = "wh"  # begins with a question word
    YES_NO = "yes_no"  # begins with a verb
    DECLARATIVE = "declarative"  # a statement with a question mark
    INVITATION = "invitation"  # *vertel eens*, *ik ben benieuwd …*
    STATEMENT = "statement"


_FACT = words("oud lang laat vaak dikwijls ver groot veel hoog snel duur ernstig erg zeker belangrijk goed zwaar")
_NO_VERB_BEFORE_YOU = (
    PREPOSITIONS | CONJUNCTIONS | QUESTION_WORDS | FILLERS | DETERMINERS | SUBJECTS | NEGATIONS
    | words("ook dan zodra sinds indien mocht eens even dankzij zelfs daarom misschien hopelijk waarschijnlijk alsof")
) - words("zeg kijk was")  # fmt: skip
# Verbs that begin an order as often as a question: without a subject after them they ask nothing.
_ORDERS = words("zeg kijk leg laat neem vertel doe ga kom hou denk")
_ASKS_WITHOUT_MARK = words(
    "heb ben kan kon wil wou zou vind vond weet wist ga ging doe deed is was heeft voel voelde denk mag mocht "
    "moet moest had ken "
    "bedoel zie zag gaan zijn werd word durf kreeg krijg"
)
_ORDERS_WITH_YOU = words(
    "neem stel laat hou houd doe trek geef schrijf zet pak maak vergeet leg ga concentreer amuseer haast bedenk "
    "wees probeer zorg "
    "dank bedankt merci kijk kom zeg vertel leer volg"
)

IMPERATIVE = re.compile(
    r"^(?:(?:en|maar|ja|oke|goed|dus|dan|zeg|allez|amai|kom|kijk|he|nee|probeer|doe|nou|ah|och|nu|eens) )*"
    r"(?:(?:vertel|beschrijf|omschrijf|schets|verduidelijk|illustreer)\b"
    r"|leg\b.*\buit\b|licht\b.*\btoe\b|neem (?:mij|me|ons)\b.*\bmee\b|(?:zeg|noem|toon|"
    r"teken) (?:\w+ )?eens\b(?! (?:eerlijk$))"
    r"|laat\b.*\b(?:horen|zien|weten|meekijken)\b|geef\b.*\b(?:voorbeeld|beeld|uitleg)\b|denk\b.*\bterug\b"
    r"|help (?:mij|me)\b.*\bbegrijpen\b|ga (?:maar|gerust) (?:door|verder)|doe maar$|praat\b.*\bverder|"
    r"stel je\b.*\bvoor\b"
    r"|vul\b.*\baan\b|maak\b.*\bzin\b.*\baf\b|zeg (?:maar|gerust|es)\b|vertellen\b.*\bmaar$)"
)

TAG = re.compile(
    r" (?:toch|he|eh|niet|niet waar|nietwaar|of niet|of wel|zeker|of wat|ofwa|juist|toch niet|denk je niet|"
    r"vind je niet|"
    r"vind je ook niet|denk je|vind je|weet je|weet je wel|weet je dat|weet je dat wel|of zie ik dat verkeerd|"
    r"of vergis ik me|of vergis ik mij|hoop ik|neem ik aan|veronderstel ik|mag ik vragen|als ik mag vragen|"
    r"als ik dat mag vragen|als ik vragen mag|eigenlijk niet|geef toe|klopt dat|klopt het|heb ik dat juist|"
    r"snap je|begrijp je|versta je|zeg)$"
)


def find_questions(tokens: Sequence[Token], asks: bool) -> list[tuple[int, Form]]:
    """Where the main-clause questions of one sentence begin, and the form of each.

    ``asks``: the sentence ends in a question mark.
    """
    starts: list[tuple[int, Form]] = []
    opening = next((index for index, token in enumerate(tokens) if not _is_filler(token)), len(tokens))
    for index in _openings(tokens, opening):
        rest = [token.word for token in tokens[index : index + 12] if not is_mark(token) and not token.quoted][:8]
        if not rest or _is_tag(tokens, index):
            continue
        adjacent = index + 1 < len(tokens) and not is_mark(tokens[index + 1])
        form = _opens_question(rest if adjacent else rest[:1], asks, first=not starts and index <= opening)
        previous = next((token.word for token in reversed(tokens[max(0, index - 4) : index]) if not is_mark(token)), "")
        if form is Form.WH and previous in {"of", "en"} and index > 1 and tokens[index - 2].word in QUESTION_WORDS:
            continue  # *Wie of wat bracht je op dat idee?* asks one thing.
        if form is Form.YES_NO and previous == "of" and starts:
            continue  # *… of wil je liever …?* is the other half of one choice.
        if form is Form.YES_NO and not starts and index > opening and previous in {"en", "of"}:
            continue  # *Misschien is dat niets en moet je veranderen?* is one statement.
        if form is Form.YES_NO and starts and previous not in {"en", "maar"} and _is_if(tokens, starts[-1][0]):
            continue
        if form is not None:
            starts.append((index, form))
    return _without_conditionals(starts, tokens)


def _is_if(tokens: Sequence[Token], start: int) -> bool:
    return tokens[start].word in {"mocht", "stel"}


def _without_conditionals(starts: list[tuple[int, Form]], tokens: Sequence[Token]) -> list[tuple[int, Form]]:
    """*Mocht je kiezen, wat …* asks one thing."""
    if len(starts) > 1 and _is_if(tokens, starts[0][0]):
        return starts[1:]
    return starts


def _is_filler(token: Token) -> bool:
    return is_mark(token) or token.word in FILLERS


def _openings(tokens: Sequence[Token], opening: int) -> list[int]:
    """Places where a clause may begin: up to ``opening``, the first word that is no filler, and after a mark."""
    places = []
    for index, token in enumerate(tokens):
        if is_mark(token) or token.quoted:
            continue
        before = tokens[index - 1] if index else None
        follows = before is not None and (is_mark(before) or before.word in {"en", "of", "maar", "dus", "want"})
        if index == 0 or follows or index <= opening:
            places.append(index)
    return places


def _is_tag(tokens: Sequence[Token], index: int) -> bool:
    if index == 0 or len(tokens) - index > 8:
        return False
    rest = " ".join(token.word for token in tokens[index:] if not is_mark(token))
    return TAG.fullmatch(f" {rest}") is not None


def _opens_question(rest: list[str], asks: bool, *, first: bool) -> Form | None:
    """The form of the question that begins with the words ``rest``; None when no main-clause question does."""
    if rest[0] in PREPOSITIONS and len(rest) > 1 and rest[1] in QUESTION_WORDS:
        rest = rest[1:]
    if rest[0] in QUESTION_WORDS:
        return Form.WH if _is_main_clause(rest, asks, first) else None
    if len(rest) < 2:
        return None
    if rest[1] == "je" and rest[0] not in _NO_VERB_BEFORE_YOU and not IMPERATIVE.match(" ".join(rest)):
        asking = asks or rest[0] in _ASKS_WITHOUT_MARK or (first and rest[0] not in _ORDERS_WITH_YOU)
        asking = asking and rest[2:3] != ["maar"]
        return Form.YES_NO if asking and rest[:3] != ["zie", "je", "wel"] else None
    subject = rest[1] in SUBJECTS or rest[1] in DETERMINERS
    is_verb = rest[0] in FINITE - _ORDERS or (asks and not first and rest[0] in FINITE and rest[1] in {"ze", "hij"})
    asking = (asks and (first or subject)) or (rest[0] in _ASKS_WITHOUT_MARK and rest[1] in {"er", "het"})
    return Form.YES_NO if is_verb and asking else None


def _is_main_clause(rest: list[str], asks: bool, first: bool) -> bool:
    """*wat doe je* is a question of its own, *wat je doet* a part of something else."""
    after = rest[1:]
    if not after:
        return asks
    if after[0] in {"niet", "wel"} and len(after) == 1 and not first:
        return False  # *Welk stukje klopt wel en welk niet?* is one question.
    if asks and first:
        return after[0] not in {"je", "ik", "hij"} or len(after) < 3
    if rest[0] in {"welke", "welk", "hoeveel"} or (rest[0] == "wat" and after[0] in {"voor"}):
        after = _after_noun(after)
    elif rest[0] == "hoe" and (after[0] in _FACT or (len(after) > 1 and after[0] not in FINITE and after[1] in FINITE)):
        after = after[1:]
    elif rest[0] == "wie" and after[0] == "van":
        after = after[2:]
    while after and after[0] in {"dan", "nu", "precies", "juist", "eigenlijk", "allemaal", "zoal", "nog", "toch"}:
        after = after[1:]
    if not after:
        return asks
    if after[0] in {"niet", "wel"} and not first:
        return False
    if after[0] in SUBJECTS | DETERMINERS | {"daar", "daarvan", "zich", "mensen"} and after[0] not in FINITE:
        return False
    if rest[0] in WAAR_WORDS | {"waar", "wanneer", "wie"} and not asks and not first:
        return after[0] in FINITE or (len(after) > 1 and after[1] == "je")
    return asks or after[0] in FINITE or (len(after) > 1 and after[1] in {"je", "dat", "het", "er"})


def _after_noun(after: list[str]) -> list[str]:
    """What follows the noun phrase of *welke foto …*: the first verb or subject within four words."""
    for index, word in enumerate(after[:5]):
        if index and (word in FINITE or word in {"je", "ik", "hij", "ze", "we", "er"}):
            return after[index:]
        if index and index + 1 < len(after) and after[index + 1] == "je":
            return after[index:]
    return after[1:]
