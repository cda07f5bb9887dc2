"""What the Klaviyo extension adds to the API: the newsletter's entries by ranges of ids, which it tells of none.

As its own source has it (klaviyo/magento2-klaviyo, Model/Reclaim.php, releases since 5.1.1): values are the texts of
the database, a range includes both ends and may be 500 wide, a store view of 0 means every one, and an entry without a
store view is counted and never told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from include.demo_store.generate.customers import Row
from include.demo_store.rest.problems import ApiProblem, required
from include.demo_store.rest.shapes import Json
from include.demo_store.shop import Shop

MODULE = "Klaviyo_Reclaim"
RIGHT = "Magento_Newsletter::subscriber"
_PATH = "klaviyo/reclaim/customers/subscriptions/"
COUNT, HISTORICAL = f"{_PATH}count", f"{_PATH}historical"
PATHS = frozenset({COUNT, HISTORICAL})
_MOST = 500


class Klaviyo:
    """The extension in one shop."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def answer(self, path: str, asked: Mapping[str, str]) -> Any:
        """What is asked of it by one of its paths.

        Raises:
            ApiProblem: an end of the range is missing, or it is too wide.
        """
        return self._count() if path == COUNT else list(self._range(asked))

    def _count(self) -> int:
        return sum(1 for _ in self._shop.subscribers())

    def _range(self, asked: Mapping[str, str]) -> Iterator[Json]:
        low, high = (_number(asked, name) for name in ("start_id", "end_id"))
        if low > high:
            raise ApiProblem(400, "end_id should be larger than start_id")
        if high - low > _MOST:
            raise ApiProblem(400, "Max batch size is 500")
        store = int(asked.get("store_id") or 0)
        for number in range(low, high + 1):
            row = self._shop.subscriber(number)
            if row and row["store_id"] is not None and store in (0, int(row["store_id"])):
                yield _written(row)


def _number(asked: Mapping[str, str], name: str) -> int:
    if name not in asked:
        raise required(name)
    return int(asked[name])


def _written(row: Row) -> Json:
    return {
        "email": row["subscriber_email"],
        "subscribe_status": row["subscriber_status"],
        "change_status_at": row["change_status_at"],
    }
