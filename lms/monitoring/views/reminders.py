"""Reminders, for O&S: the rules, who would get what today and why, the text, and what was sent."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for

from lms.clock import BRUSSELS, now
from lms.errors import NotFound
from lms.monitoring.actions import reminders as actions
from lms.monitoring.queries import reminders as queries
from lms.monitoring.rules import PAGE
from lms.monitoring.rules.reminders import BY_NAME, RULES, Due, Rule, RuleName
from lms.monitoring.rules.school_days import is_school_day
from lms.monitoring.views import blueprint
from lms.permissions import Permission
from lms.web.access import link_base, requires, visitor

# In the preview a link to a page of nobody takes the place of what only the reader gets.
SAMPLE = "…"


def _page_number() -> int:
    asked = request.args.get("pagina", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1


def _get_rule(name: str) -> Rule:
    if name not in set(RuleName):
        raise NotFound
    return BY_NAME[RuleName(name)]


@blueprint.get("/herinneringen")
@requires(Permission.SEND_REMINDERS)
def reminders() -> str:
    """Every rule with how many it would mail today, and the log."""
    return render_template(
        "monitoring/reminders.html",
        rules=RULES,
        on=queries.list_rules_on(),
        totals={rule.name: queries.count_due(rule.name) for rule in RULES},
        log=queries.list_reminders(page=_page_number()),
        titles={rule.name: rule.title for rule in RULES},
        is_open=is_school_day(now().astimezone(BRUSSELS).date()),
    )


@blueprint.get("/herinneringen/<rule>")
@requires(Permission.SEND_REMINDERS)
def reminder_rule(rule: str) -> str:
    """One rule: who would get its mail and why, and what it says."""
    known, page = _get_rule(rule), _page_number()
    due = queries.list_due(known.name, offset=(page - 1) * PAGE)
    sample = due.rows[0] if due.rows else _somebody(known)
    base, contact = link_base(), current_app.config["LMS"].contact
    mail = actions.compose_mail(sample, link_base=base, stop_url=f"{base}/stop/{SAMPLE}", contact=contact, token=SAMPLE)
    return render_template(
        "monitoring/reminder_rule.html",
        rule=known,
        is_on=known.name in queries.list_rules_on(),
        due=due,
        page=page,
        pages=max(1, -(-due.total // PAGE)),
        subject=mail.subject,
        body=mail.body,
        is_example=not due.rows,
    )


def _somebody(rule: Rule) -> Due:
    """Somebody who does not exist, to show the text by while nobody meets the rule."""
    return Due(
        rule=rule.name, id=0, person_id=None, contact_id=None, name="Demo Naam", email="demo@voorbeeld.example",
        since=now(), school="Demoschool (Genk)",
    )  # fmt: skip


@blueprint.post("/herinneringen/<rule>")
@requires(Permission.SEND_REMINDERS)
def switch_reminders(rule: str) -> Any:
    known, on = _get_rule(rule), request.form.get("aan") == "1"
    actions.switch_rule(known.name, on=on, by=visitor())
    flash(
        "Deze herinnering staat aan. De eerste mails vertrekken op de volgende schooldag, vanaf 8 uur."
        if on
        else "Deze herinnering staat uit. Ook wat nog klaarstond, vertrekt niet meer.",
        "good",
    )
    return redirect(url_for("monitoring.reminder_rule", rule=known.name.value), 303)
