"""A file with schools: choosing it, seeing what it would change, and carrying it out."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from lms.errors import Conflict
from lms.people.rules import new_token
from lms.permissions import Permission
from lms.schools.actions import importing as actions
from lms.schools.forms.importing import FILE_AT_MOST, ImportForm, read_key
from lms.schools.queries import importing as queries
from lms.schools.rules import KIND_LABELS
from lms.schools.rules.comparing import Outcome, compare
from lms.schools.rules.importing import BadFile, Row
from lms.schools.rules.register import LABELS, SchoolFacts
from lms.schools.tables import SchoolImport
from lms.schools.views import blueprint
from lms.web.access import requires, takes, visitor
from lms.web.forms import ConfirmForm
from lms.web.tables import Sheet, csv_answer

# How many schools of a file stand on one page of its preview.
PAGE = 100
# The fields round the file, in bytes.
ROUND_THE_FILE = 20_000


@blueprint.route("/scholen/invoeren", methods=["GET", "POST"])
@takes(FILE_AT_MOST + ROUND_THE_FILE)
@requires(Permission.MANAGE_SCHOOLS)
def choose_file() -> Any:
    form = ImportForm()
    read = form.validate_on_submit()
    problems = problems_in(form.rows) if read else getattr(form, "problems", [])
    if not read or problems:
        page = render_template("schools/import.html", form=form, key=new_token(), problems=problems)
        return page, 422 if form.is_submitted() else 200
    import_id = actions.keep_import(
        form.rows, key=read_key(request.form), filename=form.filename, read_as=form.read_as, by=visitor()
    )
    return redirect(url_for("schools.file_preview", import_id=import_id), 303)


def problems_in(rows: list[Row]) -> list[str]:
    """What in these rows does not fit together, or does not fit the register."""
    try:
        compare(rows, queries.list_known())
    except BadFile as error:
        return error.problems
    return []


@blueprint.get("/scholen/invoeren/<id:import_id>")
@requires(Permission.MANAGE_SCHOOLS)
def file_preview(import_id: int) -> Any:
    kept = queries.get_own_import(import_id, visitor())
    return _preview(kept, 200, "")


@blueprint.post("/scholen/invoeren/<id:import_id>")
@requires(Permission.MANAGE_SCHOOLS)
def apply_file(import_id: int) -> Any:
    try:
        done = actions.apply_import(import_id, digest=request.form.get("digest", ""), by=visitor())
    except Conflict as error:
        return _preview(queries.get_own_import(import_id, visitor()), 409, error.message)
    flash(told(done), "good")
    return redirect(url_for("monitoring.schools"), 303)


def told(done: actions.Applied) -> str:
    added = "1 school is toegevoegd" if done.added == 1 else f"{done.added} scholen zijn toegevoegd"
    changed = "1 is bijgewerkt" if done.changed == 1 else f"{done.changed} zijn bijgewerkt"
    return f"{added}, {changed}."


def _preview(kept: SchoolImport, status: int, problem: str) -> tuple[str, int]:
    """What a file would do now; the register may have changed since it was chosen."""
    if kept.applied_at is not None:
        return render_template("schools/import_done.html", kept=kept), status
    try:
        outcome, problems = compare([Row.of(row) for row in kept.rows], queries.list_known()), []
    except BadFile as error:
        outcome, problems = Outcome(), error.problems
    groups: dict[str, list[Any]] = {"nieuw": outcome.new, "gewijzigd": outcome.changed, "zelfde": outcome.same}
    shown = request.args.get("toon", "")
    shown = shown if shown in groups else next((name for name, rows in groups.items() if rows), "nieuw")
    pages = max(1, -(-len(groups[shown]) // PAGE))
    asked = request.args.get("pagina", "1")
    page = min(max(1, int(asked)), pages) if asked[:6].isdecimal() and len(asked) < 7 else 1
    template = render_template(
        "schools/import_preview.html", kept=kept, form=ConfirmForm(), outcome=outcome, groups=groups, shown=shown,
        rows=groups[shown][(page - 1) * PAGE : page * PAGE], page=page, pages=pages, problem=problem, problems=problems,
        labels=LABELS, in_words=in_words,
    )  # fmt: skip
    return template, status if status != 200 or not problems else 409


def in_words(column: str, facts: SchoolFacts) -> str:
    """One fact of a school as the screen gives it."""
    return KIND_LABELS[facts.kind] if column == "kind" else str(getattr(facts, column) or "–")


@blueprint.get("/scholen/invoeren/voorbeeld.csv")
@requires(Permission.MANAGE_SCHOOLS)
def example_file() -> Response:
    return csv_answer(
        Sheet(
            title="Voorbeeld",
            head=["Naam", "Soort", "Gemeente", "Straat en nummer", "Postcode", "Schoolnummer"],
            rows=[
                ["Demoschool Genk", "so", "Genk", "Demostraat 1", "3600", "999001"],
                ["Demo-CVO Hasselt", "cvo", "Hasselt", "Demoplein 2", "3500", "999002"],
                ["Demojeugdhuis Maasmechelen", "jeugdwerk", "Maasmechelen", "", "3630", ""],
            ],
        ),
        "voorbeeld-scholen.csv",
    )
