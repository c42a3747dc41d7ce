"""The yearly report for the steering group: which tables it has, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.monitoring.queries.report import Counted, ReportFigures
from lms.monitoring.rules.overview import ELSEWHERE, Fact, goals
from lms.monitoring.rules.progression import COUNTED, LABELS, REASON_LABELS, Reason, field_of
from lms.monitoring.rules.sheets import Line, Sheet, Value, total_of
from lms.monitoring.rules.small_numbers import LESS, NOT_SHOWN, Group, Row, publish
from lms.pack.rules.planning import school_year_label
from lms.schools.rules import SchoolKind
from lms.schools.rules.municipalities import MINING_MUNICIPALITIES

KINDS = {SchoolKind.SECONDARY: "SO", SchoolKind.ADULT_EDUCATION: "CVO", SchoolKind.YOUTH_WORK: "Jeugdwerk"}
NO_KIND = "Zonder school"


def report_sheets(figures: ReportFigures, sessions: Mapping[str, str]) -> list[Sheet]:
    """The tables of the report. ``sessions``: the titles of the sessions by slug, in their order."""
    return [
        _institutions(figures),
        _goals(figures),
        _municipalities(figures),
        _contacts(figures),
        _course(figures),
        _taught(figures, sessions, heads=False),
        _taught(figures, sessions, heads=True),
        *progression_sheets(figures),
    ]


def _by_kind(figures: ReportFigures, *columns: Sequence[int]) -> tuple[Line, ...]:
    """A row per kind and their sum; each of ``columns`` has a figure per kind."""
    lines = [Line(cells=(KINDS[kind], *(column[at] for column in columns))) for at, kind in enumerate(figures.kinds)]
    return (*lines, total_of(lines, "Samen"))


def _facts(figures: ReportFigures, fact: Fact) -> list[int]:
    return [one.facts[fact] for one in figures.kinds.values()]


def _institutions(figures: ReportFigures) -> Sheet:
    facts = (Fact.ALL, Fact.NEW, Fact.CONTACTED, Fact.TAKES_PART, Fact.IN_USE)
    return Sheet(
        slug="instellingen",
        title="Scholen en organisaties",
        heads=("Soort", "In de lijst", "Nieuw dit schooljaar", "Gecontacteerd", "Doet mee", "Toolbox in gebruik"),
        lines=_by_kind(figures, *(_facts(figures, fact) for fact in facts)),
        lead="Doet mee: heeft een aanspreekpunt, iemand in de navorming of sessies dit schooljaar.",
    )


def _goals(figures: ReportFigures) -> Sheet:
    lines = tuple(
        Line(cells=(goal.name, goal.schools, goal.youth, "gehaald" if goal.is_met else goal.missing))
        for goal in goals(figures.places, MINING_MUNICIPALITIES)
    )
    return Sheet(
        slug="doel",
        title="Doel per mijngemeente",
        heads=("Gemeente", "Scholen die meedoen", "Jeugdwerk dat meedoet", "Doel"),
        lines=lines,
        lead="In elke mijngemeente doen minstens één school en één jeugdorganisatie mee.",
    )


def _municipalities(figures: ReportFigures) -> Sheet:
    lines = [
        Line(
            cells=(
                "Buiten Limburg" if place.name == ELSEWHERE else place.name,
                place.schools,
                place.youth,
                place.facts[Fact.TAKES_PART],
                place.facts[Fact.IN_USE],
            )
        )
        for place in figures.places
        if place.total
    ]
    return Sheet(
        slug="gemeenten",
        title="Per gemeente",
        heads=("Gemeente", "Scholen", "Jeugdwerk", "Doet mee", "Toolbox in gebruik"),
        lines=(*lines, total_of(lines, "Samen")) if lines else (),
    )


def _contacts(figures: ReportFigures) -> Sheet:
    return Sheet(
        slug="aanspreekpunten",
        title="Aanspreekpunten",
        heads=("Soort", "In de lijst", "Met aanspreekpunt", "Zonder aanspreekpunt", "Nieuw dit schooljaar"),
        lines=_by_kind(
            figures,
            *(_facts(figures, fact) for fact in (Fact.ALL, Fact.CONTACT_PERSON, Fact.WITHOUT)),
            [one.new_contacts for one in figures.kinds.values()],
        ),
    )


def _course(figures: ReportFigures) -> Sheet:
    kinds = figures.kinds.values()
    return Sheet(
        slug="navorming",
        title="Navorming",
        heads=("Soort", "Begeleiders", "Nog niet begonnen", "Bezig", "Klaar", "Klaar in dit schooljaar"),
        lines=_by_kind(
            figures,
            [one.working for one in kinds],
            [max(0, one.working - one.busy - one.finished) for one in kinds],
            [one.busy for one in kinds],
            [one.finished for one in kinds],
            [one.finished_this_year for one in kinds],
        ),
        lead="Wie bij twee scholen of organisaties werkt, telt bij allebei.",
    )


def _taught(figures: ReportFigures, sessions: Mapping[str, str], *, heads: bool) -> Sheet:
    """Sessions that are no longer in the toolbox are still counted, under their slug."""
    known = {**sessions, **{row.slug: row.slug for row in figures.taught if row.slug not in sessions}}
    kinds: list[SchoolKind | None] = list(SchoolKind)
    if any(row.kind is None for row in figures.taught):
        kinds.append(None)
    lines = []
    for slug, title in known.items():
        cells = [
            sum(
                (row.heads if heads else row.sessions)
                for row in figures.taught
                if row.slug == slug and row.kind is kind
            )
            for kind in kinds
        ]
        lines.append(Line(cells=(title, *cells, sum(cells))))
    return Sheet(
        slug="deelnames" if heads else "sessies",
        title="Deelnames aan de sessies" if heads else "Sessies",
        heads=("Sessie", *(KINDS[kind] if kind else NO_KIND for kind in kinds), "Samen"),
        lines=(*lines, total_of(lines, "Samen")) if lines else (),
        lead="Wie aan twee sessies deelnam, telt twee keer." if heads else "",
    )


# ── until September ────────────────────────────────────────────────────────


def progression_sheets(figures: ReportFigures) -> list[Sheet]:
    """What schools counted until September, with the rules for small numbers."""
    groups = {kind: publish([_row(one) for one in figures.counted if one.kind is kind]) for kind in SchoolKind}
    filled = len(figures.counted)
    lead = f"{filled} {'school of organisatie vulde' if filled == 1 else 'scholen en organisaties vulden'} dit in. "
    lead += "Cijfers zijn afgerond op 5, het totaal is hun som."
    withheld = sum(len(group.rows) for group in groups.values() if group.totals is None)
    if withheld:
        lead += f" {withheld} {'telt' if withheld == 1 else 'tellen'} niet mee: te weinig jongeren om te tonen."
    if not figures.counted:
        return [
            Sheet(slug="september", title="Doorstroom tot september", heads=("Wat", "Samen"), lines=(), lead=""),
        ]
    names = [("started", LABELS["started"]), ("enrolled", LABELS["enrolled"])]
    names += [(name, LABELS[name]) for name in COUNTED if name not in {"started", "enrolled"}]
    return [
        _published("september", f"Doorstroom tot september {figures.year + 1}", "Jongeren", names, groups, lead),
        _published(
            "redenen", "Waarom niet ingeschreven", "Reden", [(field_of(one), REASON_LABELS[one]) for one in Reason],
            groups, "Eén jongere kan meer dan één reden hebben. Cijfers zijn afgerond op 5.",
        ),
        _per_school(figures, groups),
    ]  # fmt: skip


def _row(one: Counted) -> Row[int]:
    more = {name: one.counts[name] for name in COUNTED if name not in {"started", "enrolled"}}
    more |= {field_of(reason): one.counts.reasons.get(reason, 0) for reason in Reason}
    return Row(key=one.school_id, started=one.counts.started, enrolled=one.counts.enrolled, more=more)


def _published(
    slug: str,
    title: str,
    head: str,
    names: Sequence[tuple[str, str]],
    groups: Mapping[SchoolKind, Group[int]],
    lead: str,
) -> Sheet:
    """A row per count and a column per kind; the last column adds up what is shown."""
    shown = [kind for kind, group in groups.items() if group.rows]
    lines = []
    for name, label in names:
        cells = [_total(groups[kind], name) for kind in shown]
        numbers = [cell for cell in cells if cell is not None]
        lines.append(
            Line(
                cells=(
                    label,
                    *(NOT_SHOWN if cell is None else cell for cell in cells),
                    sum(numbers) if numbers else NOT_SHOWN,
                )
            )
        )
    if any(NOT_SHOWN in line.cells for line in lines):
        lead += " Niet getoond: het zou over één school gaan, of over te weinig jongeren."
    return Sheet(
        slug=slug, title=title, heads=(head, *(KINDS[kind] for kind in shown), "Samen"), lines=tuple(lines), lead=lead
    )


def _total(group: Group[int], name: str) -> int | None:
    if group.totals is None:
        return None
    if name in {"started", "enrolled"}:
        return group.totals[name == "enrolled"]
    return None if group.more is None else group.more.get(name, 0)


def _per_school(figures: ReportFigures, groups: Mapping[SchoolKind, Group[int]]) -> Sheet:
    lines = []
    for one in figures.counted:
        shown = groups[one.kind].rows[one.school_id]
        # The same words for every hidden school: *minder dan 5* for some of them would tell of the others.
        cells: tuple[Value, Value] = (NOT_SHOWN, NOT_SHOWN) if shown is None else shown
        lines.append(Line(cells=(one.school, one.municipality, KINDS[one.kind], *cells)))
    return Sheet(
        slug="september-scholen",
        title="Doorstroom per school",
        heads=("School of organisatie", "Gemeente", "Soort", "Begonnen", "Ingeschreven"),
        lines=tuple(lines),
        lead=f"Niet getoond: één van beide, of het verschil, is {LESS}, of een andere school zou zo te vinden zijn.",
    )


def report_title(year: int) -> str:
    return f"Jaarverslag {school_year_label(year)}"
