"""Every page of the navorming and the pack, in every state, for every eye, hand and screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.checks import EVERY_LOOK, TWO_LOOKS, findings
from tests.browser.site import Visit
from tests.browser.states import State
from tests.browser.states_learning import LEARNING
from tests.browser.states_planner import PLANNER
from tests.browser.states_questions import QUESTIONS


@pytest.mark.parametrize("state", [*LEARNING.all, *PLANNER.all, *QUESTIONS.all], ids=lambda state: state.name)
def test_a_page_is_accessible(state: State, next_visit: Callable[..., Visit], request: pytest.FixtureRequest) -> None:
    visit = next_visit(request.getfixturevalue(state.server))
    state.way(visit)
    assert not findings(visit.page, looks=EVERY_LOOK if state.is_first else TWO_LOOKS)
