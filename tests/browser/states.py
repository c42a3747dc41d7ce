"""The list of pages in their states. A function brings a visitor there; ``endpoint`` is the page of the URL map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.site import Visit

Way = Callable[[Visit], object]


@dataclass(frozen=True, kw_only=True)
class State:
    """A page in one state. ``server`` names the fixture with the site it stands on.

    ``is_first``: of the states of its page; what shows in one width alone is looked at there in both colour schemes.
    """

    name: str
    endpoint: str
    way: Way
    is_first: bool
    server: str = "server"


class States:
    """A growing list of states; ``add`` is used as a decorator."""

    def __init__(self) -> None:
        self.all: list[State] = []

    def add(self, endpoint: str, name: str, *, server: str = "server") -> Callable[[Way], Way]:
        def keep(way: Way) -> Way:
            self.put(endpoint, name, way, server=server)
            return way

        return keep

    def put(self, endpoint: str, name: str, way: Way, *, server: str = "server") -> None:
        is_first = endpoint not in {state.endpoint for state in self.all}
        self.all.append(State(name=name, endpoint=endpoint, way=way, is_first=is_first, server=server))
