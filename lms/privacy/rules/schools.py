"""Personal data of who works where and of the aanspreekpunten."""

from __future__ import annotations

from lms.privacy.rules.parts import Basis, Erased, Group, Keep, Moment, NotPersonal, Part
from lms.privacy.rules.terms import ERASED_NAME

WITH_ACCOUNT = "Zolang je account bestaat."

PARTS = (
    Part(
        table="membership",
        group=Group.SCHOOL,
        title="Waar je werkt",
        purpose="Om te weten welke scholen meedoen, en om hun aanspreekpunt te laten zien hoever je bent.",
        basis=Basis.AGREEMENT,
        keep=Keep(says=WITH_ACCOUNT),
        erased=Erased.KEPT,
        erased_text="Blijft zonder je naam: de school telt nog altijd iemand die meedeed.",
        by_person="person_id",
        shown={
            "school_id": "School of organisatie",
            "started_at": "Sinds",
            "ended_at": "Tot",
            "ended_by_self": "Zelf gestopt",
        },
        lookup={"school_id": ("school", "name")},
        technical=("id", "person_id"),
    ),
    Part(
        table="school_wish",
        group=Group.SCHOOL,
        title="De school die je in de lijst miste",
        purpose="Om je school toe te voegen.",
        basis=Basis.AGREEMENT,
        keep=Keep(months=12, since=("settled_at",), says="nadat O&S je vraag afhandelde."),
        erased=Erased.DELETED,
        erased_text="Je vraag verdwijnt.",
        by_person="person_id",
        shown={"wish": "Wat je schreef", "created_at": "Gevraagd", "settled_at": "Afgehandeld"},
        technical=("id", "person_id"),
    ),
    Part(
        table="contact",
        group=Group.SCHOOL,
        title="Aanspreekpunt zijn",
        purpose="Om te weten met wie we op een school contact houden, nu en vroeger.",
        basis=Basis.INTEREST,
        # Who said yes has an account, and the row goes with it.
        keep=Keep(
            months=12,
            since=("ended_at", "appointed_at"),
            only={"accepted_at": (None,)},
            says="na een vraag die niemand aannam. Nam je de vraag aan: zolang je account bestaat.",
        ),
        erased=Erased.WIPED,
        erased_text="Je naam en je adres verdwijnen. Dat de school een aanspreekpunt had, en wanneer, blijft.",
        by_person="person_id",
        by_address="email",
        shown={
            "school_id": "School of organisatie",
            "name": "Naam",
            "email": "E-mailadres",
            "appointed_at": "Gevraagd",
            "accepted_at": "Aangenomen",
            "confirmed_at": "Laatst bevestigd",
            "ended_at": "Beëindigd",
        },
        lookup={"school_id": ("school", "name")},
        technical=("id", "person_id"),
        wiped={"name": ERASED_NAME, "email": "gewist@gewist.invalid", "ended_at": Moment.NOW},
    ),
    Part(
        table="invited_colleague",
        group=Group.SCHOOL,
        title="Uitnodigingen van je aanspreekpunt of van O&S",
        purpose="Om je in één keer bij je school te laten beginnen, en om je niet twee keer op een dag te mailen.",
        basis=Basis.INTEREST,
        keep=Keep(months=12, since=("sent_at",), says="na de laatste mail."),
        erased=Erased.DELETED,
        erased_text="De uitnodigingen aan jou verdwijnen.",
        by_address="email",
        shown={
            "school_id": "School of organisatie",
            "name": "Naam",
            "email": "E-mailadres",
            "invited_at": "Uitgenodigd",
            "sent_at": "Laatste mail",
            "accepted_at": "Aangenomen",
            "withdrawn_at": "Ingetrokken",
        },
        lookup={"school_id": ("school", "name")},
        technical=("id",),
    ),
    Part(
        table="invitation",
        group=Group.SCHOOL,
        title="Links van uitnodigingen",
        purpose="Om je met één link te laten bevestigen.",
        basis=Basis.INTEREST,
        keep=Keep(days=30, since=("used_at", "expires_at"), says="nadat de link gebruikt werd of verliep."),
        erased=Erased.DELETED,
        erased_text="Al je uitnodigingen verdwijnen.",
        through=(("contact_id", "contact"), ("colleague_id", "invited_colleague")),
        shown={"created_at": "Verstuurd", "expires_at": "Geldig tot", "used_at": "Gebruikt"},
        secret={"token_fingerprint": "een vingerafdruk van de link"},
        technical=("id", "contact_id", "colleague_id"),
    ),
    Part(
        table="contact_note",
        group=Group.STAFF,
        title="Contacten die je met scholen had",
        purpose="Om scholen op te volgen, ook als een collega van O&S het overneemt.",
        basis=Basis.INTEREST,
        keep=Keep(says="Zolang de school in de lijst staat. Na je vertrek staat je naam er niet meer bij."),
        erased=Erased.KEPT,
        erased_text="Blijft zonder je naam: de school heeft het contact gehad.",
        by_person="by_id",
        shown={
            "school_id": "School of organisatie",
            "kind": "Soort",
            "day": "Dag",
            "text": "Wat je noteerde",
            "next_action": "Wat er daarna komt",
            "next_on": "Tegen",
            "done_at": "Afgehandeld",
            "created_at": "Genoteerd",
        },
        lookup={"school_id": ("school", "name")},
        technical=("id", "key", "by_id", "owner_id", "version"),
    ),
)

NOT_PERSONAL = (
    NotPersonal(
        table="school",
        reason="an organisation, from public lists",
        columns=frozenset(
            {
                "id",
                "name",
                "kind",
                "municipality",
                "street",
                "postcode",
                "number",
                "link_code",
                "owner_id",
                "interest",
                "interest_reason",
                "interest_until",
                "version",
                "created_at",
            }
        ),  # fmt: skip
    ),
    NotPersonal(
        table="ended_link",
        reason="a code that belonged to an organisation",
        columns=frozenset({"id", "school_id", "code", "ended_at"}),
    ),
)
