"""The content of the site itself, read once for all tests of a process that only look at it."""

from __future__ import annotations

import functools

from lms.config import ROOT
from lms.content.models import Library
from lms.content.reader import read_library


@functools.cache
def real_library() -> Library:
    return read_library(ROOT / "courses")
