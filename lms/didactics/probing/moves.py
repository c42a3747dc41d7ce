"""From sentences to moves: the questions, invitations and statements of which a turn is made.

Didactic source: one question at a time, from the literature on interviewing; the definition of what makes two
questions (*stacked*) is the project's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lms.didactics.probing.clauses import IMPERATIVE, Form, find_questions
from lms.didactics.probing.lexicon import FILLERS, SIGNALS, words
from lms.didactics.probing.stems import content_words
from lms.didactics.probing.tokens import Sentence, Token, is_mark


@dataclass(frozen=True)
class Move:
    """A stretch of one turn. ``text`` holds its words as the rules know them, one space apart."""

    form: Form
    tokens: tuple[Token, ...]

    @cached_property
    def spoken(self) -> tuple[Token, ...]:
        """The words outside quotations, without marks."""
        return tuple(token for token in self.tokens if not token.quoted and not is_mark(token))

    @cached_property
    def text(self) -> str:
        return " ".join(token.word for token in self.spoken)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of ``text`` stands in what was typed."""
        first = self.text.count(" ", 0, start)
        last = self.text.count(" ", 0, max(start, end - 1))
        return self.spoken[first].start, self.spoken[last].end

    @property
    def span(self) -> tuple[int, int]:
        return self.tokens[0].start, self.tokens[-1].end

    @property
    def is_question(self) -> bool:
        return self.form is not Form.STATEMENT


_EXCLAMATION = re.compile(
    r"^(wat|hoe) (een|leuk|mooi|tof|knap|jammer|erg|goed|fijn|spijtig|vervelend|straf|super|lief|zalig|grappig|moedig|"
    r"dapper|sterk|heerlijk|interessant)\w*( (voor|van|dat|om|zeg|hoor|idee|verhaal|talent|foto|droom|pech|antwoord|"
    r"keuze|uithouding|compliment)\b.*)?$"
)

_INDIRECT = re.compile(
    r"\b(?:(?:ik|we) (?:ben|ben er|zijn|was)\b.*\b(?:benieuwd|curieus|nieuwsgierig)|(?:benieuwd|curieus|nieuwsgierig)\b"
    r"|ik (?:zou|wil|wou|hoor|had)\b.*\b(?:horen|weten|begrijpen|hoor|snappen|verstaan|leren kennen)\b"
    r"|ik hoor (?:graag|het graag)|ik vraag (?:me|mij) af|ik (?:snap|begrijp|weet|zie) nog niet (?:goed |zo goed |"
    r"helemaal )?"
    r"(?:hoe|wat|waarom)|je (?:mag|kan|moogt)\b.*\b(?:vertellen|uitleggen|beschrijven|toelichten|zeggen|delen|kwijt)\b"
    r"|(?:daar|dat|hier) (?:mag|wil|zou|kan)\b.*\b(?:vertellen|uitleggen|horen|weten|kwijt)\b"
    r"|vertel\b.*\b(?:eens|gerust|maar|meer|verder)\b|leg (?:eens|mij|me|dat|gerust)\b.*\buit\b)"
)
_ECHO = re.compile(
    r"^(?:en |maar |ja |oke |ah |oh )*(?:(?:toen|dan|daarna|verder|nu|wat nog|nog|zoals|bijvoorbeeld|hoezo|hoe dan|"
    r"in welke zin|hoe bedoel je(?: dat)?|en jij|wat dan|waarom|hoezo dan|wat nog meer|nog iets)(?: dan)?)$"
)


def is_echo(move: Move) -> bool:
    """A listening echo that asks to go on: *En toen?*, *Hoe bedoel je?*"""
    return bool(_ECHO.match(move.text))


def is_signal(move: Move) -> bool:
    """A sound of listening that asks nothing by itself: *Echt?*, *Ah ja?*"""
    return 0 < len(move.spoken) <= 3 and all(token.word in SIGNALS for token in move.spoken)


def read_moves(sentences: Sequence[Sentence]) -> list[Move]:
    """All moves of a turn, in order. A sentence gives one move for each question in it and one for what precedes."""
    return [move for sentence in sentences for move in _moves_of(sentence)]


def _moves_of(sentence: Sentence) -> list[Move]:
    tokens = sentence.tokens
    spoken = [index for index, token in enumerate(tokens) if not token.quoted]
    if not spoken or all(is_mark(tokens[index]) for index in spoken):
        return [Move(Form.STATEMENT, tuple(tokens))]
    starts = find_questions(tokens, sentence.asks)
    whole = Move(Form.STATEMENT, tuple(tokens))
    if not starts or (not sentence.asks and _EXCLAMATION.match(_without_fillers(whole.text))):
        return [Move(_form_without_start(whole, sentence.asks), tuple(tokens))]
    moves = []
    head = tuple(tokens[: starts[0][0]])
    if any(not is_mark(token) for token in head):
        lead = Move(Form.STATEMENT, head)
        moves.append(Move(Form.INVITATION if _invites(lead) else Form.STATEMENT, head))
    for (start, form), end in zip(starts, [place for place, _ in starts[1:]] + [len(tokens)], strict=True):
        moves.append(Move(form, tuple(tokens[start:end])))
    return moves


def _form_without_start(move: Move, asks: bool) -> Form:
    if _invites(move):
        return Form.INVITATION
    if not asks:
        return Form.STATEMENT
    return Form.DECLARATIVE


def _invites(move: Move) -> bool:
    text = _without_fillers(move.text)
    return bool(IMPERATIVE.match(move.text) or IMPERATIVE.match(text) or _INDIRECT.search(text))


def _without_fillers(text: str) -> str:
    parts = text.split()
    while len(parts) > 1 and parts[0] in FILLERS and not (parts[0] in {"zeg", "kijk"} and parts[1] in {"eens", "je"}):
        parts.pop(0)
    return " ".join(parts)


def counts(moves: Sequence[Move]) -> list[Move]:
    """The moves that ask something of their own: no signals, no empty invitations before a question."""
    asking = [move for move in moves if move.is_question]
    return [
        move
        for index, move in enumerate(asking)
        if not (index < len(asking) - 1 and (is_signal(move) or is_echo_of_listening(move) or _only_announces(move)))
    ]


def is_echo_of_listening(move: Move) -> bool:
    """One or two words of the youngster said back with a question mark, before the question proper."""
    return move.form is Form.DECLARATIVE and len(move.spoken) <= 2


_ANNOUNCES = re.compile(
    r"^(?:\w+ )?(?:mag ik (?:je )?(?:eens |even )?(?:iets|wat|een vraag) (?:vragen|stellen)|weet je wat|weet je|"
    r"mag ik (?:je )?(?:iets|dat) (?:mee)?vragen|zullen we eens kijken)$"
)


_TELLING = words(
    "vertel vertellen beschrijf leg uitleggen zeg gerust benieuwd curieus nieuwsgierig horen begrijpen help neem "
    "schets laat"
)


def _topics(move: Move) -> list[Token]:
    return [token for token in content_words(move.spoken) if token.word not in _TELLING]


def is_bare_invitation(move: Move) -> bool:
    """*Vertel.* or *Leg eens uit* without anything to tell about: it only lends weight to the question beside it."""
    return move.form is Form.INVITATION and not _topics(move)


def _only_announces(move: Move) -> bool:
    if _ANNOUNCES.match(move.text):
        return True
    return move.form is Form.INVITATION and (
        not _topics(move)
        or not (set(move.text.split()) & {"over", "hoe", "wat", "waarom", "welke", "waar", "wanneer"})
        or bool(re.search(r"\balsof\b|\bterug\b", move.text))
    )
