"""The verdict on one bijvraag: five labels, each with the rule that fired, and one better question."""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass
from typing import Any

from lms.didactics.probing.clauses import Form
from lms.didactics.probing.kinds import WHY, Heard, Reading, read_kind
from lms.didactics.probing.lexicon import FINITE, MENDED
from lms.didactics.probing.moves import Move, counts, is_bare_invitation, read_moves
from lms.didactics.probing.push import find_push
from lms.didactics.probing.rewrite import ALWAYS, candidates, own_questions
from lms.didactics.probing.stems import is_small_word, taken_up
from lms.didactics.probing.tokens import Token, is_mark, read_sentences, read_tokens
from lms.didactics.probing.tone import find_blame, find_criticism, find_judgement


class Kind(enum.StrEnum):
    """What a question leaves to the youngster. The values are the words of the course."""

    OPEN = "open"
    CLOSED = "gesloten"
    LEADING = "suggestief"
    NONE = "geen"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One label of a verdict.

    ``label`` is type, stacked, blaming, judging or uptake; ``rule`` the id of the rule that fired and ``why`` its
    Dutch sentence; ``text`` the stretch of the typed question it looked at, from ``start`` to ``end`` (characters).
    """

    label: str
    value: str | bool
    rule: str
    why: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """``rewrite`` is None when the question is open, single and free of tone, and takes up the youngster's words."""

    type: Kind
    stacked: bool
    blaming: bool
    judging: bool
    uptake: bool
    findings: tuple[Finding, ...]
    rewrite: str | None

    @property
    def opens(self) -> bool:
        """Whether nothing stands in the way: open, one question, no reproach and no judgement."""
        return self.type is Kind.OPEN and not (self.stacked or self.blaming or self.judging)

    @property
    def strengths(self) -> tuple[Finding, ...]:
        """What the question does well, in the order of the labels."""
        good = {"type": self.type is Kind.OPEN, "stacked": not self.stacked, "uptake": self.uptake}
        return tuple(item for item in self.findings if self.type is not Kind.NONE and good.get(item.label))

    @property
    def improvements(self) -> tuple[Finding, ...]:
        """What could be better, in the order of the labels."""
        good = {"type": self.type is Kind.OPEN, "uptake": self.uptake}
        flags = {"stacked": self.stacked, "blaming": self.blaming, "judging": self.judging}
        return tuple(item for item in self.findings if not good.get(item.label, not flags.get(item.label, False)))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def judge_question(answer: str, question: str) -> Verdict:
    """Judge a ``question`` that was typed in reaction to a youngster's ``answer``. Any text gives a verdict."""
    heard = Heard(tuple(token for token in read_tokens(answer) if not is_mark(token)))
    verdict, moves = _judge(heard, question)
    if verdict.opens and verdict.uptake:
        return verdict
    return Verdict(**{**vars(verdict), "rewrite": _better(answer, heard, question, moves, verdict)})


def _judge(heard: Heard, question: str) -> tuple[Verdict, list[Move]]:
    moves = read_moves(read_sentences(question))
    asked = counts(moves)
    kind, reading = _kind(moves, asked, heard)
    blame = find_blame(moves, heard)
    judgement = find_judgement(moves, heard)
    stack = _stack(asked)
    taken = taken_up(heard.tokens, [token for move in moves for token in move.tokens])
    nothing = (0, 0)
    findings = (
        _finding(question, "type", kind.value, reading),
        _finding(
            question,
            "stacked",
            stack is not None,
            stack or Reading("een-vraag", "Je stelt één vraag tegelijk.", nothing),
        ),
        _finding(
            question,
            "blaming",
            blame is not None,
            blame or Reading("geen-verwijt", "Er klinkt geen verwijt in door.", nothing),
        ),
        _finding(
            question,
            "judging",
            judgement is not None,
            judgement or Reading("geen-oordeel", "Je geeft geen oordeel.", nothing),
        ),
        _finding(question, "uptake", taken is not None, _uptake(taken)),
    )
    verdict = Verdict(
        type=kind,
        stacked=stack is not None,
        blaming=blame is not None,
        judging=judgement is not None,
        uptake=taken is not None,
        findings=findings,
        rewrite=None,
    )
    return verdict, moves


def _finding(question: str, label: str, value: str | bool, reading: Reading) -> Finding:
    start, end = reading.span
    return Finding(
        label=label, value=value, rule=reading.rule, why=reading.why, start=start, end=end, text=question[start:end]
    )


def _kind(moves: list[Move], asked: list[Move], heard: Heard) -> tuple[Kind, Reading]:
    """The last question gives the type; a push after it wins."""
    if _is_foreign(moves):
        span = (moves[0].span[0], moves[-1].span[1])
        return Kind.NONE, Reading("geen-nederlands", _FOREIGN, span)
    last = asked[-1] if asked else None
    after = moves[moves.index(last) + 1 :] if last else moves
    for move in [*([last] if last else []), *after]:
        push = find_push(move, heard)
        if push is not None:
            return Kind.LEADING, push
        reproach = move is last and (find_blame([move], heard) or find_criticism([move], heard))
        if reproach:
            return Kind.LEADING, Reading(f"suggestief-{reproach.rule}", reproach.why, reproach.span)
    if last is None:
        return Kind.NONE, _no_question(moves)
    is_open, reading = read_kind(last, heard)
    if reading.rule == "open-echo" and len(asked) > 1:
        # *En thuis?* goes on with the question before it.
        is_open, reading = read_kind(asked[-2], heard)
    return (Kind.OPEN if is_open else Kind.CLOSED), reading


_FOREIGN = "Hier is geen Nederlandse vraag in te herkennen. De regels kennen enkel Nederlands."


def _is_foreign(moves: list[Move]) -> bool:
    """Whether three words or more hold next to no Dutch word of the small kind."""
    said = [token.word for move in moves for token in move.tokens if not is_mark(token)]
    known = sum(is_small_word(word) or word in FINITE or word in MENDED for word in said)
    return len(said) >= 3 and known < 0.2 * len(said)


def _no_question(moves: list[Move]) -> Reading:
    said = [token for move in moves for token in move.tokens if not is_mark(token)]
    if not said:
        return Reading("geen-woorden", "Hier staan geen woorden. Schrijf je vraag voluit.", (0, 0))
    span = (moves[0].span[0], moves[-1].span[1])
    return Reading("geen-vraag", "Hier staat geen vraag en geen uitnodiging om verder te vertellen.", span)


_TWO = "Je stelt meer dan één vraag. Vaak wordt de makkelijkste beantwoord en valt de andere weg."


def _stack(asked: list[Move]) -> Reading | None:
    if len(asked) > 1 and not (len(asked) == 2 and is_bare_invitation(asked[1])):
        return Reading("gestapeld", _TWO, asked[1].span)
    for move in asked:
        words = move.text.split()
        for index, word in enumerate(words[1:-1], start=1):
            joined = word == "en" and words[index + 1] in {"hoe", "wat", "waarom", "wie", "wanneer", "waar", "welke"}
            if joined and move.form is Form.INVITATION and words[index + 2 : index + 3] not in (["niet"], ["wel"]):
                return Reading("gestapeld-en", _TWO, (move.spoken[index].start, move.span[1]))
    return None


def _uptake(taken: Token | None) -> Reading:
    if taken is None:
        return Reading("geen-eigen-woord", "Je neemt geen woord over van de jongere.", (0, 0))
    return Reading("eigen-woord", "Je bouwt verder op een woord van de jongere.", (taken.start, taken.end))


def _situation(verdict: Verdict) -> str:
    return "verwijt" if verdict.blaming else verdict.type.value


def _better(answer: str, heard: Heard, question: str, moves: list[Move], verdict: Verdict) -> str:
    """What the learner asked well by itself, or else the first candidate that opens and takes up the answer."""
    asked = counts(moves)
    kept = asked if len(asked) > 1 or verdict.judging or verdict.blaming else []
    own = own_questions(question, kept)
    for text in [*own, *candidates(answer, heard.tokens, asked, _situation(verdict))]:
        judged, _ = _judge(heard, text)
        # A question that asks for reasons opens, but its tone decides; no example to follow.
        if judged.findings[0].rule == WHY:
            continue
        if judged.opens and (judged.uptake or text in own or text == ALWAYS):
            return text
    return ALWAYS
