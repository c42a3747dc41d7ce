"""Judge a bijvraag: plain Dutch rules in code, no model and no network.

``judge_question(answer, question)`` gives a ``Verdict``. From the bottom up: ``lexicon`` (word lists), ``tokens``
(spelling and sentences), ``stems`` (the youngster's own words), ``clauses`` (where a question begins), ``moves``
(which questions a turn holds), ``kinds`` (open or gesloten), ``push`` (suggestief),
``tone`` (reproach, judgement), ``rewrite`` and ``verdict``.
"""

from lms.didactics.probing.verdict import Finding, Kind, Verdict, judge_question

__all__ = ["Finding", "Kind", "Verdict", "judge_question"]
