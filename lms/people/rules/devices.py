"""Which browser somebody sits at, roughly: enough to recognise your own, too little to follow anybody."""

from __future__ import annotations

# The first that fits counts, since nearly every browser also claims to be another one.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"), ("Chrome/", "Chrome"), ("CriOS", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "een iPhone"), ("iPad", "een iPad"), ("Android", "Android"), ("CrOS", "een Chromebook"),
    ("Windows", "Windows"), ("Mac OS", "een Mac"), ("Linux", "Linux"),
)  # fmt: skip


def describe_device(user_agent: str) -> str:
    """``Firefox op Windows``; what we do not know stays out."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "Een browser")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), None)
    return f"{browser} op {system}" if system else browser
