"""The command line. Output is Dutch; exit code 0 is good, 1 is wrong, 2 is impossible."""

from lms.cli import content, figures, history, probing, seed, site, timing, worker
from lms.cli.base import main

__all__ = ["content", "figures", "history", "main", "probing", "seed", "site", "timing", "worker"]
