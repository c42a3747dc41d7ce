"""Passwords: which are good enough, how they are kept, and how long wrong tries have to wait."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from math import ceil

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from lms.errors import Invalid
from lms.people.rules.blocklist import is_easy_to_guess

# Characters. NIST SP 800-63B-4, section 3.1.1.2: fifteen when it is the only proof, eight beside a second one.
SHORTEST_ALONE, SHORTEST_WITH_SECOND_FACTOR, LONGEST = 15, 8, 128

FREE_TRIES = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
TRIES_FORGOTTEN = timedelta(hours=24)

# OWASP's smallest profile for argon2id: 19 MiB, two rounds. About 15 ms of work.
hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
# The hash of a random text that was thrown away. Who has no password costs us as much work as who has one.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$h767HnpvUoihQrt9G+4VrA$yjaOXmyEPEUldETjoWXqXwqR1cP0VA1YaI/jdQzbBwc"

WRONG = "Dit adres en dit wachtwoord horen niet bij elkaar. Probeer opnieuw, of vraag een code per mail."


def shortest(has_second_factor: bool) -> int:
    """How many characters a password needs at least."""
    return SHORTEST_WITH_SECOND_FACTOR if has_second_factor else SHORTEST_ALONE


def judge_password(typed: str, *, has_second_factor: bool, own_words: tuple[str, ...]) -> None:
    """Refuse what is too short, too long or easy to guess; any character is fine. Raises Invalid."""
    password = _normal(typed)
    least = shortest(has_second_factor)
    if len(password) < least:
        raise Invalid(f"Dit wachtwoord is te kort. Neem minstens {least} tekens; een paar losse woorden werkt goed.")
    if len(password) > LONGEST:
        raise Invalid(f"Dit wachtwoord is te lang. Neem hoogstens {LONGEST} tekens.")
    if is_easy_to_guess(password, own_words):
        raise Invalid(
            "Dit wachtwoord is makkelijk te raden: het bestaat uit bekende woorden, jouw naam of een rij toetsen. "
            "Kies een paar woorden die niets met jou of deze site te maken hebben."
        )


def hash_password(typed: str) -> str:
    """What is kept of a password. Slow on purpose: never inside a transaction."""
    return hasher.hash(_normal(typed))


def is_password(kept: str | None, typed: str) -> bool:
    """Whether ``typed`` is the password of ``kept``. As slow without password (None), and then False.

    Never inside a transaction.
    """
    try:
        hasher.verify(kept or NOBODY, _normal(typed))
    except VerifyMismatchError:
        return False
    return kept is not None


def _normal(typed: str) -> str:
    # One keyboard sends é as one character, another as two.
    return unicodedata.normalize("NFKC", typed)


def wait_after(wrong: int) -> timedelta:
    """How long an address waits after this many wrong tries: nothing up to ten, then each time twice as long."""
    if wrong < FREE_TRIES:
        return timedelta(0)
    return min(FIRST_WAIT * 2 ** min(wrong - FREE_TRIES, 10), LONGEST_WAIT)


def please_wait(left: timedelta) -> Invalid:
    """The error that says how long to wait."""
    minutes = ceil(left / timedelta(minutes=1))
    length = "één minuut" if minutes <= 1 else f"{minutes} minuten"
    return Invalid(
        f"Er waren te veel foute pogingen voor dit adres. Wacht nog {length}. "
        "Met een code per mail kan je meteen binnen."
    )
