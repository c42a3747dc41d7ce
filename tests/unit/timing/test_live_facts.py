"""What a phone gets of the rules, and the cases that hold its script to them."""

from __future__ import annotations

import json

from lms.didactics.timing.fitting import fit
from lms.didactics.timing.live import live_facts
from tests.data.replan_cases import CASES, written
from tests.unit.timing.sessions import real_session, real_sessions


def test_the_cases_in_the_file_are_those_that_the_rules_give_now() -> None:
    """After a change of the rules: ``python -m tests.data.replan_cases``, and then mend ``replan.mjs``."""
    assert CASES.read_text(encoding="utf-8") == written()


def test_the_cases_hold_every_kind_of_answer() -> None:
    answers = [case["answer"] for case in json.loads(CASES.read_text(encoding="utf-8"))]
    taken = {one["kind"] for answer in answers for one in answer["proposals"] if one["blocks"]}
    refused = {one["kind"] for answer in answers for one in answer["proposals"] if not one["blocks"]}
    assert taken == refused == {"shorten", "home", "skip"}
    assert any(answer["late"] < 0 for answer in answers) and any(answer["late"] > 20 for answer in answers)


def test_each_block_carries_its_minimum_and_what_may_go_home() -> None:
    session, minis = real_session("wie-ben-jij"), real_sessions()[1]
    facts = {
        one["id"]: one for one in (live_facts(session, block, minis) for block in fit(session, [50, 50], minis).blocks)
    }
    assert facts["s1-verleden"]["floor"] == 12 and facts["s1-verleden"]["core"]
    assert facts["mini-checkout"]["floor"] == minis.checkout.min and not facts["mini-checkout"]["own"]
    assert facts["s1-heden-ik"]["saves"] > 0 and facts["s1-heden-ik"]["part"]
