"""Typing quotes as a printer would: authors type ' and ", people read ‘ ’ “ ” and foto’s."""

from __future__ import annotations

import re

# 's morgens, 't kan, 'n uur: an apostrophe where letters were left out, not an opening quote.
_LEFT_OUT = re.compile(r"(?<!\w)'(?=(?:s|t|n|k|m)\b)")
_WITHIN = re.compile(r"(?<=\w)'(?=\w)")
_OPENING = re.compile(r"(^|[\s(\[–—“‘])(['\"])")
_CLOSING = {"'": "’", '"': "”"}
_OPEN = {"'": "‘", '"': "“"}


def mark_left_out(text: str) -> str:
    """The same text with apostrophes where letters were left out at the start of a word."""
    return _LEFT_OUT.sub("’", text)


def typeset(text: str) -> str:
    """The same text with curly quotes and apostrophes."""
    if "'" not in text and '"' not in text:
        return text
    text = _WITHIN.sub("’", mark_left_out(text))
    # Twice, for a quote right inside another one.
    for _ in range(2):
        text = _OPENING.sub(lambda match: match[1] + _OPEN[match[2]], text)
    return text.replace("'", _CLOSING["'"]).replace('"', _CLOSING['"'])
