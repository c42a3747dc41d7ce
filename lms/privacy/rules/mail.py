"""Personal data in the outbox."""

from __future__ import annotations

from lms.privacy.rules.parts import Basis, Erased, Group, Keep, Part

PARTS = (
    Part(
        table="reminder",
        group=Group.MAIL,
        title="Herinneringen die je kreeg",
        purpose="Om je hoogstens één keer per week te herinneren, en om te kunnen nagaan waarom je die mail kreeg. "
        "O&S ziet deze lijst.",
        basis=Basis.INTEREST,
        keep=Keep(months=12, since=("composed_at",), says="nadat de herinnering geschreven werd."),
        erased=Erased.DELETED,
        erased_text="Al je herinneringen verdwijnen.",
        by_person="person_id",
        by_address="email",
        shown={
            "rule": "Waarvoor",
            "why": "Waarom",
            "name": "Naam",
            "email": "Naar",
            "state": "Wat ervan kwam",
            "composed_at": "Geschreven",
            "settled_at": "Vertrokken of vervallen",
        },
        technical=("id", "person_id", "contact_id", "week", "invitation_id"),
    ),
    Part(
        table="outbox_mail",
        group=Group.MAIL,
        title="Mail die we je stuurden",
        purpose="Om mail te versturen en te kunnen nagaan of ze vertrok.",
        basis=Basis.AGREEMENT,
        keep=Keep(
            days=30,
            since=("sent_at", "due_at"),
            only={"state": ("sent", "failed", "cancelled")},
            says="nadat de mail vertrok. De tekst wissen we zodra ze vertrokken is.",
        ),
        erased=Erased.DELETED,
        erased_text="Al je mail verdwijnt uit onze lijst. Wat in je eigen mailbox zit, blijft van jou.",
        by_address="recipient",
        shown={
            "recipient": "Naar",
            "state": "Toestand",
            "created_at": "Geschreven",
            "due_at": "Vertrekt niet voor",
            "sent_at": "Vertrokken",
        },
        # They may hold a code or a link that lets somebody in; their reader has them in the mailbox.
        secret={
            "subject": "het onderwerp van de mail",
            "body": "de tekst, tot de mail vertrokken is",
            "stop_url": "de link om zulke mail te stoppen",
        },
        technical=("id", "message_id", "attempts", "claimed_at", "condition", "condition_id"),
    ),
)
