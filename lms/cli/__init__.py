"""The command line. Output is Dutch; exit code 0 is good, 1 is wrong, 2 is impossible."""

from lms.cli import content, probing, site, timing
from lms.cli.base import main

__all__ = ["content", "main", "probing", "site", "timing"]
