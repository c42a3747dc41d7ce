"""Plans told in Dutch: every cut one by one, with what it wins and why."""

from __future__ import annotations

from collections.abc import Sequence

from lms.content.toolbox_models import Session
from lms.didactics.timing.parts import Part, parts_of
from lms.didactics.timing.plans import MINI_CHECKIN, Block, Cut


def minutes_text(count: int) -> str:
    """``1 minuut``, ``12 minuten``."""
    return f"{count} minuut" if count == 1 else f"{count} minuten"


def listed(items: Sequence[str]) -> str:
    """``a``, ``a en b``, ``a, b en c``."""
    return " en ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def explain(session: Session, blocks: Sequence[Block], hours: Sequence[int]) -> tuple[Cut, ...]:
    """Every difference between ``blocks`` and the session as the toolbox has it, in the order of the plan."""
    parts = parts_of(session)
    last = max(block.hour for block in blocks)
    cuts = []
    for block in blocks:
        own = [part for part in parts if block.id in (part.id, part.exercise.id)]
        before, floor = sum(part.minutes for part in own), sum(part.floor for part in own)
        if block.status == "mini":
            cuts.append(mini_cut(block, last))
        elif block.status == "home":
            cuts.append(home_cut(block, own, before))
        elif block.status == "skipped":
            cuts.append(skipped_cut(block, own, before))
        elif block.minutes < before:
            cuts.append(shortened_cut(block, before, floor, _because(block, hours)))
    return tuple(cuts)


def _because(block: Block, hours: Sequence[int]) -> str:
    if len(hours) == 1:
        return f"want je hebt {minutes_text(hours[0])}"
    return f"want lesuur {block.hour} telt {minutes_text(hours[block.hour - 1])}"


def shortened_cut(block: Block, before: int, floor: int, because: str) -> Cut:
    least = "Dat is het minimum." if block.minutes <= floor else f"Het minimum is {floor}."
    text = f"{block.name} wordt korter: {minutes_text(block.minutes)} in plaats van {before}, {because}. {least}"
    return Cut(id=block.id, kind="shortened", before=before, after=block.minutes, text=text)


def home_cut(block: Block, parts: Sequence[Part], before: int) -> Cut:
    text = f"{block.name} gaat naar huis: {_no_room(parts)}. In de klas wint dat {minutes_text(before)}."
    if parts[0].step is None and parts[0].exercise.at_home_part:
        text += f" {parts[0].exercise.at_home_part}"
    return Cut(id=block.id, kind="home", before=before, after=0, text=text)


def skipped_cut(block: Block, parts: Sequence[Part], before: int) -> Cut:
    text = f"{block.name} valt weg: {_no_room(parts)}."
    if parts[0].exercise.at_home_part:
        text += f" Thuis: {parts[0].exercise.at_home_part}"
    return Cut(id=block.id, kind="skipped", before=before, after=0, text=text)


def _no_room(parts: Sequence[Part]) -> str:
    floor = sum(part.floor for part in parts)
    return f"voor het minimum van {minutes_text(floor)} is er in de klas geen plaats"


def mini_cut(block: Block, last: int) -> Cut:
    """``last`` is the hour in which the check-out of the session stands."""
    if block.id == MINI_CHECKIN:
        text = f"Lesuur {block.hour} begint met een mini-check-in van {minutes_text(block.minutes)}."
        text += " De check-in van de sessie was al in het eerste lesuur."
    else:
        text = f"Lesuur {block.hour} eindigt met een mini-check-out van {minutes_text(block.minutes)}."
        text += f" De check-out van de sessie komt in lesuur {last}."
    return Cut(id=block.id, kind="mini", before=0, after=block.minutes, text=text)
