"""The ugly part of real shops, placed by id so that even a small shop has each kind and a large one few of each.

Each rule reads `id % step == place`; with 150 orders and 100 customers every kind occurs at least once.
"""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where an oddity sits: every record whose id leaves `place` when divided by `step`."""

    step: int
    place: int

    def has(self, record_id: int) -> bool:
        """Whether this record is odd in this way."""
        return record_id % self.step == self.place


ORDER_EMAIL_NULL = Place(307, 33)
ORDER_EMAIL_EMPTY = Place(311, 36)
ORDER_STORE_NULL = Place(313, 41)
ORDER_NAMES_NULL = Place(293, 50)
ORDER_UPDATED_NULL = Place(317, 12)
ORDER_UPDATED_ZERO = Place(331, 88)
ORDER_UPDATED_FUTURE = Place(337, 110)
ORDER_MASS_UPDATE = Place(400, 100)
"""First of the MASS_UPDATE_SIZE orders that one bulk action touched in the same second."""
MASS_UPDATE_SIZE = 40
COMMENT_CONTROL_CHARACTERS = Place(251, 77)
COMMENT_MARKUP = Place(149, 20)
COMMENT_HUGE = Place(307, 56)
COMMENT_MANY = Place(263, 2)
ORDER_EDITED = Place(191, 86)
"""This order is the edited version of the one before it."""
GIFT_MESSAGE = Place(23, 9)

CART_NEVER_UPDATED = Place(9, 2)
"""Left behind as it was made: its `updated_at` is the zero date."""
CART_WITHOUT_MAIL = Place(5, 1)
"""A guest who did not get as far as typing an address."""
CART_STAYS_ACTIVE = Place(41, 2)
"""Became an order and is still active, as when the checkout broke after the order was saved."""
CART_MULTI_SHIPPING = Place(11, 3)
CART_HIDDEN = Place(37, 15)
"""Not found by `shoppingCartInfo` in any store, though it is in the table."""

CUSTOMER_EMAIL_NULL = Place(397, 90)
CUSTOMER_EMAIL_EMPTY = Place(401, 91)
CUSTOMER_CREATED_ZERO = Place(389, 95)
CUSTOMER_EMAIL_LONG = Place(409, 71)
CUSTOMER_EMAIL_BLANKS = Place(383, 72)
CUSTOMER_NAME_LONG = Place(379, 73)
CUSTOMER_NAME_CONTROL = Place(373, 55)
CUSTOMER_CITY_CONTROL = Place(367, 60)
CUSTOMER_EMAIL_SHARED = Place(17, 5)
"""Has the e-mail address of the customer three before, if that one is of another website."""
CUSTOMER_SAME_SECOND = Place(300, 20)
"""First of SAME_SECOND_SIZE customers imported in the same second."""
SAME_SECOND_SIZE = 25


def is_odd_order(order_id: int) -> bool:
    """Whether anything of an order's own row is odd, or that of an edited copy of it."""
    places = (
        ORDER_EMAIL_NULL, ORDER_EMAIL_EMPTY, ORDER_STORE_NULL, ORDER_NAMES_NULL, ORDER_UPDATED_NULL, ORDER_UPDATED_ZERO,
        ORDER_UPDATED_FUTURE, ORDER_EDITED, GIFT_MESSAGE,
    )  # fmt: skip
    return any(place.has(order_id) for place in places) or ORDER_EDITED.has(order_id + 1)


CONTROL_CITY = "Nul\x00stadt\x02am See"
CONTROL_NAME = "Tab\x0bbert"
CONTROL_COMMENT = "Scanner says:\x0b\x1f OK\x07 \x7f end"
LONG_MAIL_LOCAL = "x" * 64
LONG_MAIL_DOMAIN = ".".join(["sub" * 14] * 3) + ".example"
MARKUP_COMMENT = (
    "<p>Kunde rief an &amp; war <b>\"verärgert\"</b>.</p>\r\n<![CDATA[x]]> <?xml version='1.0'?>\r\n"
    "Emoji sind weg: ???? &#x0; \\' -- ; DROP TABLE x"
)
HUGE_COMMENT = ("Lorem ipsum dolor sit amet, Größe & Maß. " * 1600).encode()[:65535].decode(errors="ignore")
"""What a TEXT column keeps of a longer text: 65,535 bytes, cut wherever that falls."""
