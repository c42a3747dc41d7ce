"""What makes a password easy to guess, without a list of other people's passwords.

Lists of leaked passwords are mostly the same few hundred words with digits and signs around them, repeated, or
rows of the keyboard. So we take those away from a password, and look whether enough is left to be a secret.
"""

from __future__ import annotations

import re

_COMMON = """
aanmelden account admin administrator begeleider beheer beheerder bonjour changeme computer dag default docent
dragon ducobu football geheim gebruiker guest hallo hello ikhouvanjou iloveyou internet jaar jongeren klas
kindjes letmein leerkracht leerling leraar lente liefde login master maandag dinsdag woensdag donderdag vrijdag
zaterdag zondag januari februari maart april juni juli augustus september oktober november december mijn monkey
navorming niets onderwijs paswoord password princess prinses secret school schooljaar shadow sleutel snoopy
student studenten sunshine superman studiekeuze talent test toegang toolbox trustno1 user vakantie voetbal
voorbeeld wachtwoord welcome welkom winter zomer herfst zonneschijn
anderlecht antwerpen belgie beringen bilzen bree brugge brussel genk gent hasselt houthalen leuven limburg
lommel luik maaseik maasmechelen mechelen peer tongeren truiden vlaanderen
ucll unlocking potential hogeschool
"""
WORDS = frozenset(_COMMON.split())
# Rows of keyboards (azerty and qwerty), the alphabet and the digits, forwards; backwards follows by itself.
ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl",
    "zxcvbnm", "&é\"'(§è!çà",
)  # fmt: skip
RUN = 4
YEAR = re.compile(r"(19|20)\d\d")
# Signs that stand for a letter, as people write them.
DISGUISES = str.maketrans("013457@$!|€", "oieastasile")
# This many different signs have to be left, spaces aside.
LEFT = 5


def is_easy_to_guess(password: str, own_words: tuple[str, ...]) -> bool:
    """Whether nothing secret is left without common words, rows of keys, years and ``own_words``.

    ``own_words``: the name of the site and the name and mail address of this person, which others know too.
    """
    known = [*WORDS, *(part for word in own_words for part in re.split(r"[\W_]+", word.casefold()) if len(part) > 2)]
    longest_first = re.compile("|".join(re.escape(word) for word in sorted(known, key=len, reverse=True)))

    plain = YEAR.sub("", _without_runs(password.casefold()))
    # Both readings count: with and without the disguise.
    return any(_left(longest_first.sub("", text)) < LEFT for text in (plain, plain.translate(DISGUISES)))


def _left(text: str) -> int:
    return len({char for char in text if not char.isspace()})


def _without_runs(text: str) -> str:
    """``text`` without four or more keys that stand in a row."""
    kept, place = [], 0
    while place < len(text):
        length = _run_at(text, place)
        if length < RUN:
            kept.append(text[place])
        place += length if length >= RUN else 1
    return "".join(kept)


def _run_at(text: str, place: int) -> int:
    """How many signs from this place on stand in a row of keys, in either direction."""
    longest = 0
    for row in ROWS:
        for keys in (row, row[::-1]):
            length = 0
            while place + length < len(text) and text[place : place + length + 1] in keys:
                length += 1
            longest = max(longest, length)
    return longest
