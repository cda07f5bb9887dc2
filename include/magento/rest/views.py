"""The store views of a store by their ids: what is written is booked to the view in the address it is sent to.

What a newcomer would get wrong: `all` is no neutral choice. It is the admin's own scope, and a cart made in it belongs
to no shop.
"""

from __future__ import annotations

from functools import cached_property

from include.magento.faults import WriteRefused
from include.magento.rest.records import record_of
from include.magento.rest.session import DEFAULT_VIEW, Session

ADMIN_VIEW = "all"
_ADMIN = "0"


class StoreViews:
    """Looked up once, when the first change has to know."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def code_of(self, store_id: object) -> str:
        """The code of a view.

        Raises:
            WriteRefused: there is no such view (any more).
        """
        code = self._codes.get(str(store_id))
        if code is None:
            raise WriteRefused("The store view is not in the store.")
        return code

    def code_for(self, store_id: object, website_id: object) -> str:
        """The code of a view, or of the first one of a website where that view is gone."""
        code = self._codes.get(str(store_id)) or self._first_codes.get(str(website_id))
        return code or DEFAULT_VIEW

    @cached_property
    def _views(self) -> list[dict[str, str]]:
        answer = self._session.ask("store/storeViews")
        rows = [record_of(row) for row in answer] if isinstance(answer, list) else []
        named = [{name: str(row.get(name)) for name in ("id", "code", "website_id")} for row in rows]
        return [view for view in named if view["id"] != _ADMIN]

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {view["id"]: view["code"] for view in self._views}

    @cached_property
    def _first_codes(self) -> dict[str, str]:
        return {view["website_id"]: view["code"] for view in reversed(self._views)}
