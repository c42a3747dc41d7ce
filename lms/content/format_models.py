"""The catalogue of werkvormen, as frozen objects. All durations are whole minutes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lms.content.basis import Identifier, Model, Text

FormatGoal = Literal["kennismaken", "ophalen", "verdiepen", "bewegen", "kiezen", "afronden"]
Need = Literal[
    "papier", "grote-vellen", "stiften", "post-its", "kaartjes", "beeldkaarten", "tijdschriften", "knipgerief",
    "teksten", "voorwerp", "ruimte", "timer", "gsm", "scherm", "gast",
]  # fmt: skip
Energy = Literal["laag", "midden", "hoog"]
# How people stand or sit, which is what the drawing of a format shows.
Formation = Literal[
    "duo", "kring", "kringen", "rijen", "lijn", "kanten", "groepjes", "tafel", "muur", "scherm", "kaarten",
    "kaart-omhoog", "stappen",
]  # fmt: skip
Amount = Literal["weinig", "gewoon", "veel"]
Constraint = Literal["groep", "tijd", "materiaal", "energie", "veiligheid", "taal"]

Count = Annotated[int, Field(ge=1, le=500, strict=True)]


class Range(Model):
    min: Count
    max: Count


class Variations(Model):
    """The same format for a shy group, for language learners and online."""

    shy: Text
    language: Text
    online: Text


class ActivityFormat(Model):
    """A *werkvorm*. ``per_set``: how many people share one sheet or set; ``suits``: ids of exercises of the toolbox.

    ``trust`` and ``language`` say how much of each the format asks from the group.
    """

    id: Identifier
    slug: Identifier
    name: Text
    aim: Text
    goals: tuple[FormatGoal, ...] = Field(min_length=1)
    group: Range
    per_set: Range | None = None
    minutes: Range
    materials: tuple[Text, ...] = Field(min_length=1)
    needs: tuple[Need, ...] = Field(min_length=1)
    energy: Energy
    formation: Formation
    trust: Amount
    language: Amount
    suits: tuple[Identifier, ...] = Field(min_length=1)
    how: tuple[Text, ...] = Field(min_length=1)
    pitfall: Text
    variations: Variations


class Situation(Model):
    """A group that needs a format. ``energy``: what it needs now (a tired group: hoog), if that matters.

    ``trust`` and ``language``: how much of each the group can give.
    """

    exercise: Identifier
    size: Count
    minutes: Count
    available: tuple[Need, ...]
    energy: Energy | None = None
    trust: Amount = "veel"
    language: Amount = "veel"
