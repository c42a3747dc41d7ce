"""Does a text hold what is probably somebody's first name? For a gentle warning that never blocks.

Privacy rule of the project: youngsters are counted, never named. The list holds first names that are common among
youngsters in Flanders and that are no ordinary Dutch word; only words with a capital are looked at.
"""

from __future__ import annotations

import re

from lms.didactics.probing.lexicon import words

FIRST_NAMES = words(
    "abdel adam ahmed aicha alexander alexandra ali alice alina amber amina amine amir amira anas angelo anna "
    "anouk anton arne arno arthur aya ayoub bart bas ben bilal bjorn bram brent britt bryan caro casper cedric "
    "charlotte chiara daan daniel dario david dries dylan elena elias elif elise elke ella emil emma emre enzo "
    "esra eva fatima fatma febe femke ferre fien finn gianni gilles giulia gloria hamza hannah hanne hasan "
    "hatice helena ibrahim ilias ilyas imane ines inte ismail jade jana janne jarne jasper jef jelle jens "
    "jeroen jesse jessica joey jolien jonas jordy joris jules julie kaat kamil karim katrien kelly kevin "
    "khadija kiara kim kobe koen kyara lander lara lars laura laure leila lena lenn lennert leon liam lina "
    "linde lisa loes lotte louis louise lowie luca lucas luka lukas luna maarten manon mariam marie marieke "
    "mathias mathis matteo maxim mehmet melissa merel michiel mila milan mohamed mohammed mustafa nathan nawal "
    "nena nicolas niels nina noah noor nora nore nour olivia omar oscar pauline pieter quinten rania rayan "
    "robbe robin ruben rune saar salma samira sander sara sarah senne seppe sien silke simon sofia sofie "
    "soufiane stan stef stijn sven tess thibault thijs thomas tibo tijs tim tom tuur vic victor viktor wannes "
    "ward warre wout xander yannick yara yasin yasmin yasmina yasmine yassin yassine younes youssef yusuf "
    "zakaria zehra zeynep zoe "
)
_WORD = re.compile(r"[^\W\d_]+")


def likely_first_name(text: str, known: str = "") -> str | None:
    """The first word of ``text`` that is probably a first name; None when none is. Names in ``known`` don't count."""
    expected = {word.casefold() for word in _WORD.findall(known)}
    for word in _WORD.findall(text):
        folded = word.casefold()
        if word[0].isupper() and folded in FIRST_NAMES and folded not in expected:
            return word
    return None
