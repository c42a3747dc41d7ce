"""The overview of O&S: figures, charts with their tables, and the rows behind every figure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from lms.clock import BRUSSELS, now
from lms.content.models import Course, Library
from lms.monitoring.actions.figures import gather_figures
from lms.monitoring.forms.overview import (
    FIRST_YEAR,
    read_fact,
    read_learners,
    read_page,
    read_scope,
    scope_args,
)
from lms.monitoring.queries.gathering import Stamp, find_stamp
from lms.monitoring.queries.overview import count_overview, list_municipalities, list_owners
from lms.monitoring.queries.overview_rows import (
    LearnersAsked,
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
from lms.web.pages import library

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
def overview() -> str:
    """Figures for the schools of the address, as they were gathered last."""
    live, scope, stamp = library(), read_scope(request.args, this_year=_this_year()), find_stamp()
    owners = list_owners()
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
    today = now().astimezone(BRUSSELS)
    state = (stamp.mark, live.digest, scope, today.year * 100 + today.month)
    return _pieces.html(state, lambda: _render_figures(live, scope, state[3]))


def _render_figures(live: Library, scope: Scope, this_month: int) -> str:
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
            (month, name, found.months.get(month, 0)) for month, name in months_of(scope.year) if month <= this_month
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


def _rows_page(kind: str, title: str, scope: Scope, page: Any, link: Any, **more: Any) -> str:
    return render_template(
        "monitoring/overview_rows.html",
        kind=kind,
        title=title,
        scope_args=scope_args(scope),
        words=_words(scope, list_owners() if scope.owner_id is not None else []),
        page=page,
        link=link,
        stamp=find_stamp(),
        **more,
    )


@blueprint.get("/overzicht/scholen")
@requires(Permission.SEE_SCHOOLS)
def overview_schools() -> str:
    scope, fact = read_scope(request.args, this_year=_this_year()), read_fact(request.args)
    return _rows_page(
        "schools",
        FACT_LABELS[fact],
        scope,
        list_school_lines(scope, fact, page=read_page(request.args)),
        lambda number: url_for("monitoring.overview_schools", feit=fact.value, pagina=number, **scope_args(scope)),
        funnel=FUNNEL_LABELS,
    )


@blueprint.get("/overzicht/begeleiders")
@requires(Permission.SEE_SCHOOLS)
def overview_learners() -> str:
    scope = read_scope(request.args, this_year=_this_year())
    names = module_names(library().course)
    asked = read_learners(request.args, scope, list(names))
    kept: dict[str, Any] = {
        "stand": request.args.get("stand"),
        "maand": asked.month,
        "onderdeel": asked.module_id or None,
    }
    return _rows_page(
        "learners",
        _learners_title(asked, scope, names),
        scope,
        list_learner_lines(scope, asked, page=read_page(request.args)),
        lambda number: url_for("monitoring.overview_learners", pagina=number, **kept, **scope_args(scope)),
        modules=names,
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
def overview_sessions() -> str:
    scope = read_scope(request.args, this_year=_this_year())
    return _rows_page(
        "sessions",
        "Gegeven sessies",
        scope,
        list_session_lines(scope, page=read_page(request.args)),
        lambda number: url_for("monitoring.overview_sessions", pagina=number, **scope_args(scope)),
        sessions={session.slug: session.title for session in library().sessions},
    )


@blueprint.get("/overzicht/aanspreekpunten")
@requires(Permission.SEE_SCHOOLS)
def overview_contacts() -> str:
    scope = read_scope(request.args, this_year=_this_year())
    begins, ends = (datetime(year, 9, 1, tzinfo=BRUSSELS) for year in (scope.year, scope.year + 1))
    return _rows_page(
        "contacts",
        "Nieuwe aanspreekpunten",
        scope,
        list_contact_lines(scope, begins, ends, page=read_page(request.args)),
        lambda number: url_for("monitoring.overview_contacts", pagina=number, **scope_args(scope)),
    )
