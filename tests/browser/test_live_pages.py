"""The live session and the logbook, in every state, for every eye, hand and screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.checks import EVERY_LOOK, TWO_LOOKS, findings
from tests.browser.site import Site, Visit
from tests.browser.states import State
from tests.browser.states_live import LIVE


@pytest.mark.parametrize("state", LIVE.all, ids=lambda state: state.name)
def test_a_page_of_the_live_session_is_accessible(state: State, server: Site, enter: Callable[..., Visit]) -> None:
    visit = enter(server)
    state.way(visit)
    assert not findings(visit.page, looks=EVERY_LOOK if state.is_first else TWO_LOOKS)
