"""The project's own history as tables, with a footnote wherever its source contradicts itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lms.content.history_models import ANSWERS, HistoryContext, HistoryKind, Means
from lms.monitoring.rules.sheets import Footnote, Line, Numbering, Sheet, Value, total_of

SOURCE = "Bron: onderzoeksrapport Unlocking Potential (2025)"
CONTEXTS = {
    HistoryContext.SECONDARY: "SO",
    HistoryContext.ADULT_EDUCATION: "CVO",
    HistoryContext.ASSOCIATE_DEGREE: "Graduaat",
}
TITLES = {
    HistoryKind.WITH_YOUNGSTERS: "Gesprekken met jongeren",
    HistoryKind.WITH_PARTNER: "Gesprekken met partners",
    HistoryKind.WITH_SCHOOL: "Gesprekken met scholen, CVO en graduaten",
    HistoryKind.SURVEY: "Bevraagd",
    HistoryKind.FIRST_RUN: "Traject 1, maart tot juni 2024",
    HistoryKind.SECOND_RUN: "Traject 2, oktober 2024 tot mei 2025",
    HistoryKind.NETWORK: "Netwerkevents",
}


@dataclass(frozen=True, kw_only=True)
class KeptEvent:
    """A row of the history as it is kept."""

    kind: HistoryKind
    trajectory: int | None
    context: HistoryContext | None
    organisation: str
    detail: str
    day: Value
    place: str
    municipalities: tuple[str, ...]
    counts: dict[Means, int]
    source: str
    notes: tuple[str, ...]

    @property
    def where(self) -> str:
        return " en ".join(self.municipalities) or self.place


@dataclass(frozen=True, kw_only=True)
class KeptAnswer:
    context: HistoryContext
    question: str
    answer: str
    respondents: int
    count: int | None
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KeptTotal:
    label: str
    published: int
    found: int
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KeptHistory:
    """Everything that was loaded. ``notes``: the text of each footnote; ``about``: footnotes of a whole table."""

    events: tuple[KeptEvent, ...]
    answers: tuple[KeptAnswer, ...]
    totals: tuple[KeptTotal, ...]
    notes: dict[str, str]
    about: dict[str, tuple[str, ...]]

    @property
    def is_loaded(self) -> bool:
        return bool(self.events)


@dataclass(frozen=True, kw_only=True)
class ShownHistory:
    sheets: tuple[Sheet, ...]
    footnotes: tuple[Footnote, ...]


def show_history(kept: KeptHistory) -> ShownHistory:
    """The tables of the page and of the annex, in the order in which things happened."""
    if not kept.is_loaded:
        return ShownHistory(sheets=(), footnotes=())
    numbering = Numbering(kept.notes)
    sheets = [_totals(kept, numbering)]
    for kind in HistoryKind:
        events = [event for event in kept.events if event.kind is kind]
        if events:
            sheets.append(_events(kind, events, kept, numbering))
    sheets += _answers(kept, numbering)
    return ShownHistory(sheets=tuple(sheets), footnotes=numbering.footnotes)


def _totals(kept: KeptHistory, numbering: Numbering) -> Sheet:
    lines = tuple(
        Line(
            cells=(
                total.label,
                total.published,
                total.found,
                "klopt" if total.published == total.found else "klopt niet",
            ),
            marks=numbering.of(total.notes),
        )
        for total in kept.totals
    )
    return Sheet(
        slug="totalen",
        title="Wat het rapport samentelt",
        heads=("Wat", "In het rapport", "Som van de rijen", "Klopt het?"),
        lines=lines,
        lead="Elk totaal van het rapport, naast de som van de rijen hieronder.",
        source=SOURCE,
    )


def _events(kind: HistoryKind, events: Sequence[KeptEvent], kept: KeptHistory, numbering: Numbering) -> Sheet:
    marks = numbering.of(kept.about.get(kind.value, ()))
    means = [one for one in Means if any(one in event.counts for event in events)]
    has_trajectory = kind is HistoryKind.SURVEY
    has_context = any(event.context for event in events)
    has_detail = any(event.detail for event in events)
    heads = [
        "Wie" if kind is not HistoryKind.NETWORK else "Wat",
        *(["Traject"] if has_trajectory else []),
        *(["Soort"] if has_context else []),
        *(["Wat"] if has_detail and kind is not HistoryKind.NETWORK else ["Hoe"] if has_detail else []),
        "Dag",
        "Waar",
        *(one.value.capitalize() for one in means),
        "Waar in het rapport",
    ]
    lines = []
    for event in events:
        cells: list[Value] = [event.organisation]
        cells += [event.trajectory] if has_trajectory else []
        cells += [CONTEXTS[event.context] if event.context else None] if has_context else []
        cells += [event.detail or None] if has_detail else []
        cells += [event.day, event.where or None, *(event.counts.get(one) for one in means), event.source]
        lines.append(Line(cells=tuple(cells), marks=numbering.of(event.notes)))
    sheet_lines = tuple(lines)
    # Adding sessions up would count the same youngster again; conversations and surveys had other people each time.
    if kind is HistoryKind.WITH_YOUNGSTERS:
        sheet_lines = (*sheet_lines, total_of(lines, "Samen"))
    return Sheet(slug=kind.value, title=TITLES[kind], heads=tuple(heads), lines=sheet_lines, source=SOURCE, marks=marks)


def _answers(kept: KeptHistory, numbering: Numbering) -> list[Sheet]:
    """One table per question of the survey, SO beside CVO, as published."""
    sheets = []
    marks = numbering.of(kept.about.get(ANSWERS, ()))
    for question, title in (
        ("intentie", "Bevraging: wil je hierna verder studeren?"),
        ("reden", "Bevraging: wat houdt je tegen?"),
    ):
        rows = [answer for answer in kept.answers if answer.question == question]
        if not rows:
            continue
        lines = tuple(
            Line(
                cells=(
                    row.answer,
                    CONTEXTS[row.context],
                    row.respondents,
                    row.count,
                    None if row.count is None else round(100 * row.count / row.respondents, 1),
                ),
                marks=numbering.of(row.notes),
            )
            for row in rows
        )
        sheets.append(
            Sheet(
                slug=f"{ANSWERS}-{question}",
                title=title,
                heads=("Antwoord", "Soort", "Bevraagden", "Aantal", "Procent"),
                lines=lines,
                source=SOURCE,
                marks=marks,
            )
        )
    return sheets
