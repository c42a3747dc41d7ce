"""How a table with personal data is described. The privacy statement, the export, the erasing and the sweeping of
old rows all follow from these descriptions, so none of them can forget a table that the others know.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Basis(enum.StrEnum):
    """Why we may, in the words of the statement (GDPR, article 6)."""

    AGREEMENT = "We hebben dit nodig om je te geven waarvoor je je inschreef (AVG, artikel 6.1.b)."
    INTEREST = "We hebben hier een gerechtvaardigd belang bij (AVG, artikel 6.1.f). Je kan er bezwaar tegen maken."


class Group(enum.StrEnum):
    """Under which heading of the statement and the export something stands."""

    ACCOUNT = "Je account"
    SCHOOL = "Je school"
    COURSE = "De navorming"
    PACK = "Je pakket"
    MAIL = "Mail die we je sturen"
    STAFF = "Wat medewerkers doen"


class Erased(enum.Enum):
    """What erasing an account does with its rows."""

    DELETED = "deleted"
    # The row stays without what tells who it was about: the values of ``wiped`` take their place.
    WIPED = "wiped"
    # The row says nothing about who it was, once the row of the person is wiped; the figures stand on it.
    KEPT = "kept"


class Moment(enum.Enum):
    """Stands in ``wiped`` for the moment of wiping; a moment that is there already stays."""

    NOW = "now"


@dataclass(frozen=True, kw_only=True)
class Keep:
    """How long rows stay: ``days`` or ``months`` from the first moment of ``since`` that is filled in.

    Without days and months rows stay as long as the account. ``says`` ends the sentence of the statement.
    ``only`` narrows the rows that are swept to these values; ``after_attest``: the term counts from the attest of
    their person too, so what has no attest yet stays.
    """

    says: str
    days: int = 0
    months: int = 0
    since: tuple[str, ...] = ()
    only: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    after_attest: bool = False

    @property
    def is_swept(self) -> bool:
        return bool(self.days or self.months)

    @property
    def text(self) -> str:
        if not self.is_swept:
            return self.says
        if self.days:
            return f"{self.days} {'dag' if self.days == 1 else 'dagen'} {self.says}"
        return f"{self.months} maanden {self.says}"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One table with personal data: what is in it, why, how long, how its person gets it and how it is erased.

    Each column is in one of three places. ``shown``: in the export, under this label. ``secret``: named in the
    statement and the export but never shown, because who sees it could use it. ``technical``: ids, links and
    fingerprints of content, which say nothing about anybody by themselves.

    Whose a row is: ``by_person`` names the column with the id of its person, ``by_address`` the column with the
    address, ``by_fingerprint`` that with the fingerprint of the address, ``through`` the columns and tables of the
    rows it can belong to.
    """

    table: str
    group: Group
    title: str
    purpose: str
    basis: Basis
    keep: Keep
    erased: Erased
    erased_text: str
    shown: Mapping[str, str]
    secret: Mapping[str, str] = field(default_factory=dict)
    technical: tuple[str, ...] = ()
    wiped: Mapping[str, str | Moment | None] = field(default_factory=dict)
    # Texts of a wiped row that stay, because nobody typed them: ids of content, marks made by the site.
    stays: tuple[str, ...] = ()
    by_person: str = ""
    by_address: str = ""
    by_fingerprint: str = ""
    through: tuple[tuple[str, str], ...] = ()
    # Rows of the audit about the account itself: their act begins with this word.
    by_act: str = ""
    # A column with the id of another row is shown as a column of that row: {"school_id": ("school", "name")}.
    lookup: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def columns(self) -> frozenset[str]:
        return frozenset({*self.shown, *self.secret, *self.technical})


@dataclass(frozen=True, kw_only=True)
class NotPersonal:
    """A table without personal data, with the reason and every column that was looked at."""

    table: str
    reason: str
    columns: frozenset[str]
