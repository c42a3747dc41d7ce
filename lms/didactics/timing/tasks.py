"""A plan that somebody decides block by block, beginning at the best one: the final task of the course (A7).

Source: the final task of the course blueprint, checked by the rules of the planner. What stands in a fiche alone is not
told here, because the pack is still shut: names and minutes, no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lms.content.toolbox_models import Minis, Session
from lms.didactics.timing.changes import Decision
from lms.didactics.timing.checking import Flaw, find_flaws
from lms.didactics.timing.fitting import fit
from lms.didactics.timing.plans import Block, Plan
from lms.errors import Invalid

HOME, SKIP = "thuis", "weg"


@dataclass(frozen=True, kw_only=True)
class OwnPlan:
    """What somebody decided for ``fitted``, the best plan: their blocks, and what is wrong with them."""

    fitted: Plan
    blocks: tuple[Block, ...]
    flaws: tuple[Flaw, ...]


def fit_bare(session: Session, hours: Sequence[int], minis: Minis) -> Plan:
    """The best plan, told without the words of the fiche. Raises DoesNotFit."""
    bare = tuple(exercise.model_copy(update={"at_home_part": None}) for exercise in session.exercises)
    return fit(session.model_copy(update={"exercises": bare}), hours, minis)


def decide(session: Session, hours: Sequence[int], minis: Minis, given: Mapping[str, str]) -> OwnPlan:
    """The plan with what was decided per block: minutes, ``thuis`` or ``weg``. Mini blocks stay as they are.

    Raises DoesNotFit, and Invalid when a block is missing or when its minutes are no number.
    """
    fitted = fit_bare(session, hours, minis)
    blocks = tuple(
        block if block.status == "mini" else _decided(block, given.get(block.id, "")) for block in fitted.blocks
    )
    return OwnPlan(fitted=fitted, blocks=blocks, flaws=find_flaws(session, blocks, hours, minis))


def _decided(block: Block, word: str) -> Block:
    if word in (HOME, SKIP):
        return replace(block, minutes=0, status="home" if word == HOME else "skipped")
    if word.isascii() and word.isdecimal() and len(word) <= 3 and int(word):
        return replace(block, minutes=int(word), status="kept")
    raise Invalid(f"{block.name}: typ hele minuten, of kies dat het naar huis gaat of wegvalt.")


def written(blocks: Sequence[Block]) -> dict[str, str]:
    """Blocks as ``decide`` reads them."""
    words = {"home": HOME, "skipped": SKIP}
    return {block.id: words.get(block.status, str(block.minutes)) for block in blocks if block.status != "mini"}


def decisions_of(plan: OwnPlan) -> dict[str, Decision]:
    """The same plan in the words of the planner: nothing when it is the best plan, otherwise every block as it is."""
    if plan.blocks == plan.fitted.blocks:
        return {}
    words: dict[str, Decision] = {"home": "home", "skipped": "skip"}
    return {block.id: words.get(block.status, block.minutes) for block in plan.blocks if block.status != "mini"}
