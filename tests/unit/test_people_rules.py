"""Decisions about people that need no database: addresses, names, codes and the second factor."""

from __future__ import annotations

import re

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Invalid
from lms.people.rules import (
    CODE_MINUTES,
    CODE_TRIES,
    CODES_PER_HOUR,
    NAME_LENGTH,
    OWN_DEVICE,
    SECOND_FACTOR_TRIES,
    SHARED_DEVICE,
    STAFF,
    clean_email,
    clean_name,
    fingerprint,
    initials,
    new_code,
    new_token,
    session_length,
    totp_step,
)
from lms.permissions import STAFF_ROLES, Permission, Role, permissions_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = 1_750_000_020.0  # The first second of a step.


def test_the_limits_are_the_ones_that_were_promised() -> None:
    assert (CODE_MINUTES, CODE_TRIES, CODES_PER_HOUR, SECOND_FACTOR_TRIES) == (10, 5, 6, 5)


# ── addresses ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("an@school.be", "an@school.be"),
        ("  An@School.BE ", "an@school.be"),
        ("AN.VAN+toolbox@school.be", "an.van+toolbox@school.be"),
        ("o'neill@school.be", "o'neill@school.be"),
        ("an@SCHOOL.Example", "an@school.example"),
        ("ægir@school.be", "ægir@school.be"),
        ("ÆGIR@school.be", "ægir@school.be"),
    ],
)
def test_an_address_has_one_form(typed: str, kept: str) -> None:
    assert clean_email(typed) == kept
    assert clean_email(kept) == kept


def test_an_address_never_becomes_that_of_somebody_else() -> None:
    """Comparing without capitals is not rewriting letters: *groß* and *gross* are two mailboxes."""
    assert clean_email("groß@school.be") != clean_email("gross@school.be")
    assert clean_email("an@straße.example") != clean_email("an@strasse.example")


@pytest.mark.parametrize(
    "typed",
    ["", " ", "an", "an@", "@school.be", "an@school", "a n@school.be", "an@school.be\nx", "an@school.be,b@c.be"],
)
def test_what_is_no_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Invalid, match=r"an@school\.be"):
        clean_email(typed)


@given(st.text(max_size=60))
def test_any_text_is_an_address_in_one_form_or_is_refused(text: str) -> None:
    try:
        kept = clean_email(text)
    except Invalid:
        return
    assert kept == clean_email(kept) and len(kept) <= 254
    assert "@" in kept and not re.search(r"[\x00-\x20\x7f]", kept)


# ── names ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["Sean O'Neill", "Ægir", "Zoë-Anne D’Hondt", "İbrahim", "<b>", "=cmd", "李小龙", "X"])
def test_a_real_name_stays_as_it_is(name: str) -> None:
    assert clean_name(name) == name


def test_a_name_is_tidied_and_put_in_one_form_of_writing() -> None:
    assert clean_name("  Nele   Van\tAcker ".replace("\t", " ")) == "Nele Van Acker"
    assert clean_name("Zoe\u0308") == "Zoë"


@pytest.mark.parametrize("name", ["", "  ", "\u00a0", "a" * (NAME_LENGTH + 1)])
def test_an_empty_or_endless_name_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        clean_name(name)


@pytest.mark.parametrize(
    "sign", ["\x00", "\n", "\r", "\t", "\x1b", "\x7f", "\u200b", "\u202e", "\u2066", "\ufeff", "\ue000", "\ud800"]
)
def test_a_sign_that_nobody_sees_is_refused_inside_a_name(sign: str) -> None:
    with pytest.raises(Invalid, match="teken"):
        clean_name(f"An{sign}Peeters")


@given(st.text(max_size=200))
def test_a_name_that_is_kept_can_stand_on_one_line_of_an_attest(text: str) -> None:
    try:
        name = clean_name(text)
    except Invalid:
        return
    assert name and len(name) <= NAME_LENGTH and name == name.strip() == clean_name(name)
    assert not re.search(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]", name)


@pytest.mark.parametrize(
    ("name", "short"), [("Nele Van Acker", "N. V. A."), ("ægir", "Æ."), ("Jean-Pierre D", "J. D."), ("o'neill", "O.")]
)
def test_initials_tell_the_first_letters_only(name: str, short: str) -> None:
    assert initials(name) == short


# ── secrets ────────────────────────────────────────────────────────────────


def test_a_token_has_256_bits_and_a_code_six_digits() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100 and all(len(token) >= 43 for token in tokens)
    codes = [new_code() for _ in range(500)]
    assert all(re.fullmatch(r"\d{6}", code) for code in codes)
    assert any(code.startswith("0") for code in codes) and len(set(codes)) > 480


def test_a_fingerprint_tells_its_parts_apart_and_nothing_else() -> None:
    assert fingerprint("ab", "c") != fingerprint("a", "bc") != fingerprint("abc")
    assert fingerprint("browser", "123456") == fingerprint("browser", "123456")
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint("x")) and "123456" not in fingerprint("b", "123456")


@pytest.mark.parametrize("own_device", [True, False])
def test_staff_stay_in_for_a_working_day_whatever_they_tick(own_device: bool) -> None:
    for role in STAFF_ROLES:
        assert session_length(role, own_device) == STAFF
    assert session_length(Role.FACILITATOR, own_device) == (OWN_DEVICE if own_device else SHARED_DEVICE)
    assert STAFF < SHARED_DEVICE < OWN_DEVICE


# ── the second factor ──────────────────────────────────────────────────────


def code_at(moment: float) -> str:
    return pyotp.TOTP(SECRET).at(moment)


@pytest.mark.parametrize(("ahead", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off_and_no_more(ahead: int, accepted: bool) -> None:
    step = totp_step(SECRET, code_at(NOON + ahead), NOON, None)
    assert step == (int(NOON + ahead) // 30 if accepted else None)


def test_a_step_that_was_used_and_all_before_it_are_refused() -> None:
    step = totp_step(SECRET, code_at(NOON), NOON, None)
    assert step is not None
    assert totp_step(SECRET, code_at(NOON), NOON, step) is None
    assert totp_step(SECRET, code_at(NOON - 30), NOON, step) is None
    assert totp_step(SECRET, code_at(NOON + 30), NOON, step) == step + 1


def test_spaces_in_a_code_are_for_the_eye() -> None:
    code = code_at(NOON)
    assert totp_step(SECRET, f" {code[:3]} {code[3:]} ", NOON, None) is not None


@pytest.mark.parametrize("typed", ["", "1", "1234567", "abcdef", "é12345", "１２３４５６", "\x00" * 6, "9" * 5000])
def test_what_is_no_code_is_simply_wrong(typed: str) -> None:
    assert totp_step(SECRET, typed, NOON, None) is None


# ── who may do what ────────────────────────────────────────────────────────


def test_facts_open_doors_and_roles_do_not_open_those_of_others() -> None:
    plain = permissions_of(Role.FACILITATOR, is_contact_person=False, has_open_pack=False)
    assert plain == {Permission.SIGNED_IN, Permission.OWN_ACCOUNT, Permission.LEARN}
    assert permissions_of(Role.FACILITATOR, is_contact_person=True, has_open_pack=False) - plain == {
        Permission.SEE_OWN_SCHOOL,
        Permission.BRING_COLLEAGUES,
    }
    assert permissions_of(Role.FACILITATOR, is_contact_person=False, has_open_pack=True) - plain == {
        Permission.OPEN_PACK
    }


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_staff_see_every_school_and_have_no_own_one_unless_they_are_asked(role: Role) -> None:
    may = permissions_of(role, is_contact_person=False, has_open_pack=False)
    for_administrators = set() if role is Role.ADMIN else {Permission.MANAGE_ACCOUNTS}
    assert may == set(Permission) - {Permission.SEE_OWN_SCHOOL} - for_administrators
    asked = permissions_of(role, is_contact_person=True, has_open_pack=False)
    assert asked == set(Permission) - for_administrators
