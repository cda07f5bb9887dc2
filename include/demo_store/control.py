"""The demo store's own endpoint: moves the clock and changes single records, from outside the process.

Nothing of it is Magento's. `POST /_demo/tick?hours=24`, `/_demo/delete?kind=order&id=5`, `/_demo/edit-address?id=3`,
`/_demo/subscription?id=4&status=3`.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, HTTPException, Query

from include.demo_store.shop import Shop


def control(shop: Shop) -> APIRouter:
    """The routes that change a shop."""
    router = APIRouter(prefix="/_demo")
    deletions: dict[str, Callable[[int], None]] = {
        "customer": shop.hand.delete_customer,
        "order": shop.hand.delete_order,
        "cart": shop.hand.delete_cart,
    }

    def by_hand(change: Callable[..., None], *values: int) -> dict[str, bool]:
        with shop.lock:
            shop.now()
            try:
                change(*values)
            except ValueError as problem:
                raise HTTPException(404, str(problem)) from None
        return {"done": True}

    @router.post("/tick")
    def tick(hours: float = Query(gt=0, le=24 * 366)) -> dict[str, str | int]:
        return shop.tick(hours).as_json()

    @router.post("/delete")
    def delete(kind: str, id: int) -> dict[str, bool]:
        if kind not in deletions:
            raise HTTPException(404, f"Only {', '.join(deletions)} can be deleted: give one of them as kind.")
        return by_hand(deletions[kind], id)

    @router.post("/edit-address")
    def edit_address(id: int) -> dict[str, bool]:
        return by_hand(shop.hand.edit_address, id)

    @router.post("/subscription")
    def subscription(id: int, status: int) -> dict[str, bool]:
        return by_hand(shop.hand.change_subscription, id, status)

    return router
