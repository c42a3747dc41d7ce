"""The command line. Output is Dutch; exit code 0 is good, 1 is wrong, 2 is impossible."""

from lms.cli import content, history, probing, site, timing
from lms.cli.base import main

__all__ = ["content", "history", "main", "probing", "site", "timing"]
