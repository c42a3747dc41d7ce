"""Forms with which O&S answers a question, and publishes the answer."""

from __future__ import annotations

from wtforms import TextAreaField

from lms.pack.rules.questions import ANSWER_LENGTH, clean_question, clean_text
from lms.web.forms import Form, cleaned_by


class AnswerForm(Form):
    answer = TextAreaField("Je antwoord", [cleaned_by(lambda text: clean_text(text, "Het antwoord", ANSWER_LENGTH))])


class PublishForm(Form):
    words = TextAreaField("De vraag, zoals iedereen ze leest", [cleaned_by(clean_question)])
