"""The overview of O&S: figures, charts with their tables, and the rows behind every figure."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from lms.clock import BRUSSELS, now
from lms.content.models import Course, Library
from lms.errors import NotFound
from lms.monitoring.actions.figures import gather_figures
from lms.monitoring.forms.overview import (
    FIRST_YEAR,
    read_fact,
    read_form,
    read_learners,
    read_page,
    read_scope,
    scope_args,
)
from lms.monitoring.queries.gathering import Stamp, find_stamp
from lms.monitoring.queries.overview import count_overview, list_municipalities, list_owners
from lms.monitoring.queries.overview_rows import (
    LearnersAsked,
    RowPage,
    count_learners,
    count_schools,
    list_contact_lines,
    list_learner_lines,
    list_school_lines,
    list_session_lines,
)
from lms.monitoring.rules.charts import COLUMN, HEIGHT, bar_width, columns, dots
from lms.monitoring.rules.overview import (
    ELSEWHERE,
    FACT_LABELS,
    FUNNEL,
    FUNNEL_LABELS,
    KINDS_LABELS,
    YEARS_SHOWN,
    Fact,
    Kinds,
    Scope,
    biggest_drop,
    drop_sentence,
    goals,
    months_of,
)
from lms.monitoring.views import blueprint
from lms.monitoring.views.overview_tables import rows_sheet, sheets_of
from lms.monitoring.views.today import titles_of_sessions
from lms.pack.rules.planning import school_year_label, school_year_of
from lms.permissions import Permission
from lms.schools.rules.municipalities import (
    MAP_APART,
    MAP_BOX,
    MAP_OUTLINE,
    MINING_MUNICIPALITIES,
    MUNICIPALITIES,
    MUNICIPALITY_NAMES,
)
from lms.web.access import requires
from lms.web.kept import Kept
from lms.web.pages import day_and_time, library
from lms.web.tables import csv_answer, xlsx_answer

# The figures change only when they are gathered anew, so the HTML with them is kept by the mark of that gathering.
_pieces = Kept(300)


def _this_year() -> int:
    return school_year_of(now().astimezone(BRUSSELS).date())


def module_names(course: Course) -> dict[str, str]:
    """What somebody who is busy can be at: the modules in their order, and the final test."""
    names = {module.id: module.title for module in course.modules}
    return names | {course.test.id: "Eindtoets"}


def _words(scope: Scope, owners: list[tuple[int, str]]) -> list[str]:
    """The scope in words, for above a list and on paper."""
    words = [f"Schooljaar {school_year_label(scope.year)}"]
    if scope.kinds is not None:
        words.append(KINDS_LABELS[scope.kinds])
    if scope.municipality:
        words.append("Buiten Limburg" if scope.municipality == ELSEWHERE else scope.municipality)
    if scope.owner_id is not None:
        words.append(f"Opgevolgd door {dict(owners).get(scope.owner_id, 'iemand die hier niet meer werkt')}")
    return words


@blueprint.get("/overzicht")
@requires(Permission.SEE_SCHOOLS)
def overview() -> Any:
    """Figures for the schools of the address, as they were gathered last; as a file when the address asks for one."""
    live, scope, stamp = library(), read_scope(request.args, this_year=_this_year()), find_stamp()
    owners = list_owners()
    if stamp and (form := read_form(request.args)):
        return _as_file(live, scope, [*_words(scope, owners), _counted(stamp)], form)
    return render_template(
        "monitoring/overview.html",
        stamp=stamp,
        scope=scope,
        scope_args=scope_args(scope),
        words=_words(scope, owners),
        owners=owners,
        years=range(_this_year(), FIRST_YEAR - 1, -1),
        year_label=school_year_label,
        kinds=KINDS_LABELS,
        places=_place_options(scope, stamp),
        figures=_figures(live, scope, stamp) if stamp else None,
    )


def _counted(stamp: Stamp | None) -> str:
    return f"Geteld op {day_and_time(stamp.taken_at)}" if stamp else "Er is nog niets geteld"


def _as_file(live: Library, scope: Scope, notes: list[str], form: str) -> Any:
    """All tables in one workbook, or the one that is asked for as CSV."""
    found = count_overview(scope)
    sheets = sheets_of(found, scope, module_names(live.course), this_month(), [" · ".join(notes)])
    if form == "xlsx":
        return xlsx_answer(sheets.values(), f"overzicht-{scope.year}.xlsx")
    name = request.args.get("tabel", "")
    if name not in sheets:
        raise NotFound
    return csv_answer(sheets[name], f"overzicht-{scope.year}-{name}.csv")


def this_month() -> int:
    today = now().astimezone(BRUSSELS)
    return today.year * 100 + today.month


def _place_options(scope: Scope, stamp: Stamp | None) -> Any:
    """The choices of the filter on municipality: those with a school, and the one that is chosen."""

    def render() -> str:
        found = list_municipalities()
        chosen = [scope.municipality] if scope.municipality not in ("", ELSEWHERE) else []
        limburg = sorted({*chosen, *found} & set(MUNICIPALITY_NAMES))
        elsewhere = sorted({*chosen, *found} - set(MUNICIPALITY_NAMES))
        return render_template(
            "monitoring/_places.html", limburg=limburg, elsewhere=elsewhere, chosen=scope.municipality
        )  # fmt: skip

    return _pieces.html(("places", stamp.mark if stamp else "", scope.municipality), render)


def _figures(live: Library, scope: Scope, stamp: Stamp) -> Any:
    month = this_month()
    state = (stamp.mark, live.digest, scope, month)
    return _pieces.html(state, lambda: _render_figures(live, scope, month))


def _render_figures(live: Library, scope: Scope, last_month: int) -> str:
    found = count_overview(scope)
    years = [one for one in found.years if one.year <= scope.year][-YEARS_SHOWN:]
    drop = biggest_drop(found.facts)
    trend = {
        "Nieuwe scholen": [(one.year, one.new_schools) for one in years],
        "Nieuwe aanspreekpunten": [(one.year, one.contact_persons) for one in years],
        "Begeleiders klaar": [(one.year, one.completions) for one in years],
        "Sessies": [(one.year, one.sessions) for one in years],
    }
    return render_template(
        "monitoring/_figures.html",
        found=found,
        scope=scope,
        this=found.year_of(scope.year),
        of=lambda **narrower: scope_args(scope.of(**narrower)),
        fact=Fact,
        kinds=Kinds,
        funnel=[(fact, FUNNEL_LABELS[fact], found.facts[fact]) for fact in FUNNEL],
        drop=drop,
        drop_text=drop_sentence(drop) if drop else "",
        goals=goals(found.places, MINING_MUNICIPALITIES),
        elsewhere=ELSEWHERE,
        years=years,
        year_label=school_year_label,
        trend={
            title: columns([(f"{year % 100:02}–{(year + 1) % 100:02}", value) for year, value in values])
            for title, values in trend.items()
        },
        column=COLUMN,
        height=HEIGHT,
        months=[
            (month, name, found.months.get(month, 0)) for month, name in months_of(scope.year) if month <= last_month
        ],
        modules=[(key, name, found.modules.get(key, 0)) for key, name in module_names(live.course).items()],
        width=bar_width,
        dots=dots({place.name: place.total for place in found.places}, MUNICIPALITIES),
        map_box=" ".join(map(str, MAP_BOX)),
        outline=MAP_OUTLINE,
        apart=MAP_APART,
    )


@blueprint.post("/overzicht/tellen")
@requires(Permission.SEE_SCHOOLS)
def gather() -> Any:
    scope = read_scope(request.args, this_year=_this_year())
    gather_figures(library().course)
    flash("De cijfers zijn opnieuw geteld.", "good")
    return redirect(url_for("monitoring.overview", **scope_args(scope)), 303)


# ── rows ───────────────────────────────────────────────────────────────────


def _rows_page(kind: str, title: str, scope: Scope, ask: Callable[..., RowPage], **kept: Any) -> Any:
    """A list of rows: a page of it, or all of them as a file. ``kept`` stands in the address beside the scope."""
    stamp, form = find_stamp(), read_form(request.args)
    words = _words(scope, list_owners() if scope.owner_id is not None else [])
    live = library()
    titles = module_names(live.course) | titles_of_sessions(live)
    if form:
        of_now = kind in ("sessions", "contacts")
        notes = [" · ".join([title, *words, f"Van {day_and_time(now())}" if of_now else _counted(stamp)])]
        sheet = rows_sheet(kind, title, ask(size=None), titles, notes)
        return xlsx_answer([sheet], "rijen.xlsx") if form == "xlsx" else csv_answer(sheet, "rijen.csv")
    endpoint, args = str(request.endpoint), kept | scope_args(scope)
    return render_template(
        "monitoring/overview_rows.html",
        kind=kind,
        title=title,
        scope_args=scope_args(scope),
        words=words,
        page=ask(page=read_page(request.args)),
        link=lambda number: url_for(endpoint, pagina=number, **args),
        file=lambda form: url_for(endpoint, als=form, **args),
        stamp=stamp,
        # Asking the router for fifty addresses takes longer than finding the rows.
        schools_at=url_for("monitoring.schools"),
        people_at=url_for("monitoring.person", person_id=1).removesuffix("/1"),
        funnel=FUNNEL_LABELS,
        titles=titles,
    )


def _total(asked: Hashable, count: Callable[[], int]) -> int:
    """How many kept rows are asked for, counted once per gathering."""
    stamp = find_stamp()
    return int(_pieces.html(("total", stamp.mark if stamp else "", asked), lambda: str(count()))) if stamp else 0


@blueprint.get("/overzicht/scholen")
@requires(Permission.SEE_SCHOOLS)
def overview_schools() -> Any:
    scope, fact = read_scope(request.args, this_year=_this_year()), read_fact(request.args)
    total = _total((scope, fact), partial(count_schools, scope, fact))
    ask = partial(list_school_lines, scope, fact, total=total)
    return _rows_page("schools", FACT_LABELS[fact], scope, ask, feit=fact.value)


@blueprint.get("/overzicht/begeleiders")
@requires(Permission.SEE_SCHOOLS)
def overview_learners() -> Any:
    scope = read_scope(request.args, this_year=_this_year())
    names = module_names(library().course)
    asked = read_learners(request.args, scope, list(names))
    total = _total((scope, asked), partial(count_learners, scope, asked))
    return _rows_page(
        "learners",
        _learners_title(asked, scope, names),
        scope,
        partial(list_learner_lines, scope, asked, total=total),
        stand="klaar-in-jaar" if asked.in_year else asked.stand,
        maand=asked.month,
        onderdeel=asked.module_id or None,
    )


def _learners_title(asked: LearnersAsked, scope: Scope, names: dict[str, str]) -> str:
    if asked.month is not None:
        return f"Begeleiders klaar in {dict(months_of(scope.year))[asked.month]} {asked.month // 100}"
    if asked.in_year:
        return f"Begeleiders klaar in {school_year_label(scope.year)}"
    if asked.module_id:
        return f"Begeleiders bij {names[asked.module_id]}"
    return {
        "alle": "Begeleiders in de navorming",
        "bezig": "Begeleiders die nog bezig zijn",
        "klaar": "Begeleiders die klaar zijn",
    }[asked.stand]


@blueprint.get("/overzicht/sessies")
@requires(Permission.SEE_SCHOOLS)
def overview_sessions() -> Any:
    scope = read_scope(request.args, this_year=_this_year())
    return _rows_page("sessions", "Gegeven sessies", scope, partial(list_session_lines, scope))


@blueprint.get("/overzicht/aanspreekpunten")
@requires(Permission.SEE_SCHOOLS)
def overview_contacts() -> Any:
    scope = read_scope(request.args, this_year=_this_year())
    begins, ends = (datetime(year, 9, 1, tzinfo=BRUSSELS) for year in (scope.year, scope.year + 1))
    return _rows_page("contacts", "Nieuwe aanspreekpunten", scope, partial(list_contact_lines, scope, begins, ends))
