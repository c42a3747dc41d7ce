"""Which passwords are good enough, how they are kept, and how long wrong tries wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters

from lms.errors import Invalid
from lms.people.rules import new_recovery_code, plain_recovery_code
from lms.people.rules.blocklist import is_easy_to_guess
from lms.people.rules.devices import describe_device
from lms.people.rules.passwords import (
    NOBODY,
    hash_password,
    is_password,
    judge_password,
    please_wait,
    wait_after,
)

OWN = ("Unlocking Potential", "Nele Van Acker", "nele.vanacker@atheneum.example")
GOOD = "paard nietje batterij wolk"


def judge(typed: str, *, second: bool = False) -> None:
    judge_password(typed, has_second_factor=second, own_words=OWN)


@pytest.mark.parametrize(("second", "shortest"), [(False, 15), (True, 8)])
def test_a_password_is_long_enough_and_no_longer_than_128(second: bool, shortest: int) -> None:
    unlikely = "zk7vqXwPf3mtRj9y" * 8
    judge(unlikely[:shortest], second=second)
    judge(unlikely[:128], second=second)
    with pytest.raises(Invalid, match=f"minstens {shortest} tekens"):
        judge(unlikely[: shortest - 1], second=second)
    with pytest.raises(Invalid, match="hoogstens 128 tekens"):
        judge(unlikely + "x", second=second)


@pytest.mark.parametrize(
    "typed", [GOOD, "kaasplankvissenboek", "🐘🦒🐙🦔🐝🦩🐢🦋🐳🦉🐌🦕🐞🦜🐡", "ÇàËïÛ ñandú über", "лошадь облако гвоздь", "a\tb\x07c d e f g h i"]
)  # fmt: skip
def test_any_character_is_fine_and_no_composition_is_asked(typed: str) -> None:
    judge(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "wachtwoordwachtwoord", "Wachtwoord2026!", "W@chtw00rd 12345", "welkomwelkom1234", "aaaaaaaaaaaaaaaaaa",
        "azertyuiopqsdfghjklm", "12345678901234567890", "abababababababababab", "qwertyuiop987654", "poiuytrezA1!1!1!",
        "unlockingpotential", "Unlocking-Potential-1", "nelevanacker2026", "Nele Van Acker 1!", "atheneum.example12",
        "schooljaar 2026-2027", "Limburg Genk Hasselt", "studiekeuze2025!!",
    ],
)  # fmt: skip
def test_what_is_easy_to_guess_is_refused(typed: str) -> None:
    assert len(typed) >= 15
    with pytest.raises(Invalid, match="makkelijk te raden"):
        judge(typed)


def test_without_the_own_words_the_name_would_do() -> None:
    """The sabotaged twin: it is the name that is recognised, not something else."""
    assert is_easy_to_guess("vanacker-2026", OWN)
    assert not is_easy_to_guess("vanacker-2026", ())


def test_a_password_is_the_same_however_a_keyboard_composes_it() -> None:
    kept = hash_password("cafe\u0301 au lait, s'il vous plai\u0302t")
    assert is_password(kept, "caf\u00e9 au lait, s'il vous pla\u00eet")
    assert is_password(hash_password("ﬁets en wolk en maan"), "fiets en wolk en maan")
    assert not is_password(kept, "Caf\u00e9 au lait, s'il vous pla\u00eet")


def test_the_profile_is_the_one_that_was_agreed_also_for_nobody() -> None:
    import inspect

    from lms.people.rules import passwords

    source = inspect.getsource(passwords)
    assert "hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)" in source
    real = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
    assert extract_parameters(NOBODY) == extract_parameters(real.hash("x"))


def test_nobody_has_no_password_at_all() -> None:
    assert not is_password(None, "")
    assert not is_password(None, GOOD)


def test_ten_tries_are_free_and_then_each_wait_is_twice_as_long_up_to_an_hour() -> None:
    minutes = [wait_after(wrong) / timedelta(minutes=1) for wrong in range(9, 20)]
    assert minutes == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert wait_after(10_000) == timedelta(hours=1)


def test_the_wait_is_said_in_whole_minutes() -> None:
    assert "Wacht nog één minuut." in please_wait(timedelta(seconds=20)).message
    assert "Wacht nog 4 minuten." in please_wait(timedelta(minutes=3, seconds=1)).message


def test_a_recovery_code_holds_80_bits_and_is_read_with_or_without_its_hyphens() -> None:
    codes = {new_recovery_code() for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert len(plain_recovery_code(code)) * 5 >= 80
        assert not set(code) & set("01IO")
        assert plain_recovery_code(f" {code.lower().replace('-', ' ')} ") == plain_recovery_code(code)


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox op Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36 Edg/141.0",
         "Edge op Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Safari/604.1",
         "Safari op een iPhone"),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36",
         "Chrome op Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.6 Safari/605.1.15",
         "Safari op een Mac"),
        ("curl/8.0", "Een browser"), ("", "Een browser"), ("<b>Windows</b>" * 400, "Een browser op Windows"),
    ],
)  # fmt: skip
def test_a_browser_is_described_roughly(user_agent: str, device: str) -> None:
    assert describe_device(user_agent) == device
    assert len(device) <= 40
