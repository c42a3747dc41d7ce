"""HTML that is the same for everybody who stands at the same point: rendered once, and kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from markupsafe import Markup


class Kept:
    """Pieces of pages by everything they depend on. No key ever holds a person or what a person wrote."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._html: dict[Hashable, str] = {}

    def html(self, state: Hashable, render: Callable[[], str]) -> Markup:
        """The piece for ``state``; ``render`` makes it when it is not there. Full, it begins anew."""
        html = self._html.get(state)
        if html is None:
            if len(self._html) >= self.size:
                self._html.clear()
            html = self._html[state] = render()
        return Markup(html)  # noqa: S704 - made by our templates
