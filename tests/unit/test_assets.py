"""Style sheets and scripts travel without their comments, and mean the same."""

from __future__ import annotations

from lms.web.assets import SOURCE, without_comments


def test_comments_stay_at_home_and_strings_stay_whole() -> None:
    script = '// Why.\nconst a = "http://x"; // beside\n  // Whole line.\nconst b = `a //\nb`;\n'
    assert without_comments(script, ".mjs") == 'const a = "http://x"; // beside\nconst b = `a //\nb`;\n'
    assert without_comments("/* a\n b */\np { color: red; } /* c */", ".css") == "p { color: red; } "


def test_no_script_of_ours_begins_a_line_of_a_string_like_a_comment() -> None:
    """Such a line would be lost: an odd number of back ticks before it says that it stands inside a string."""
    for path in [*SOURCE.rglob("*.mjs"), *SOURCE.rglob("*.js")]:
        before = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not line.lstrip().startswith("//") or before.count("`") % 2 == 0, f"{path.name}: {line}"
            before += "" if line.lstrip().startswith("//") else line
