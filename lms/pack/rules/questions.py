"""Questions of youngsters that have to wait for an answer."""

from __future__ import annotations

QUESTION_LENGTH = 400
ANSWER_LENGTH = 3000
