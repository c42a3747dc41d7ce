"""What can go wrong in an action, in words a person can use. Views turn these into pages."""

from __future__ import annotations


class LmsError(Exception):
    """Base of the errors an action may raise. ``message`` is a Dutch sentence for the screen."""

    message = "Er ging iets mis. Probeer het opnieuw."

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message


class NotFound(LmsError):
    """It does not exist, or you may not see it: the answer is the same."""

    message = "Deze pagina bestaat niet (meer)."


class Invalid(LmsError):
    """What was given cannot be used; the message says how to mend it."""


class Conflict(LmsError):
    """Somebody or something was first."""


class Stale(Conflict):
    """What was kept changed since it was opened: by a colleague, in another tab, on another device."""

    message = "Dit is intussen ergens anders bewaard."


class Expired(LmsError):
    """A link or code that no longer counts."""

    message = "Deze link is niet meer geldig. Vraag een nieuwe aan."
