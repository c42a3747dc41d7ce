"""The command that loads the project's own history."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask import Flask

from lms.app import create_app
from lms.cli.base import explains, main, refuse_old_database
from lms.config import Config
from lms.content.history import FOLDER, read_history
from lms.content.history_models import History
from lms.monitoring.actions.history import Loaded, load_history


@main.command("load-history")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Geef de totalen als JSON.")
@explains
def load_history_command(folder: Path | None, as_json: bool) -> None:
    """Laad de geschiedenis van het project (2023–2025). Nog eens uitvoeren voegt niets toe."""
    app = create_app(watch_content=False)
    config: Config = app.config["LMS"]
    history = read_history(folder or config.courses)
    with app.app_context():
        refuse_old_database()
        told = load_history(history)
    if as_json:
        click.echo(json.dumps(_as_json(history, told), ensure_ascii=False, indent=2))
        return
    _tell(history, told)


def load_beside_demo(app: Flask) -> None:
    """Give the demo data its history too, when the content has one."""
    courses = app.config["LMS"].courses
    if (courses / FOLDER).is_dir():
        load_history(read_history(courses))


def _as_json(history: History, told: Loaded) -> dict[str, object]:
    totals = [
        {
            "id": total.id,
            "label": total.label,
            "published": total.published,
            "found": history.found[total.id],
            "notes": list(total.notes),
        }
        for total in history.totals
    ]
    return {**asdict(told), "totals": totals}


def _tell(history: History, told: Loaded) -> None:
    if told.added or told.changed or told.removed:
        click.echo(f"Geladen: {told.added} toegevoegd, {told.changed} gewijzigd, {told.removed} verwijderd.")
    else:
        click.echo(f"Alles stond er al: {told.same} rijen. Er is niets toegevoegd.")
    texts = {note.id: note.text for note in history.notes}
    for total in history.totals:
        found = history.found[total.id]
        if found == total.published:
            click.echo(f"{total.published:>5}  {total.label}")
            continue
        click.echo(f"{total.published:>5}  {total.label}: klopt niet, de rijen tellen op tot {found}")
        for name in total.notes:
            click.echo(f"       {texts[name]}")
