"""Money as whole ten-thousandths, the resolution of Magento's decimal(12,4) columns.

Integers, because Decimal is twenty times slower and a float would not add up; printing is the only conversion.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

ONE = 10000
"""One unit of a currency, a quantity or a rate."""
CENT = 100


@lru_cache(maxsize=1 << 16)
def text(amount: int) -> str:
    """`-5.0000`: four decimals, as the database prints them."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), ONE)
    return f"{sign}{whole}.{rest:04d}"


def sql_amount(decimals: str | None) -> int:
    """The inverse of `text`, also of numbers with fewer decimals; 0 for NULL."""
    return int((Decimal(decimals or 0) * ONE).to_integral_value())


@lru_cache(maxsize=1 << 14)
def short(decimals: str) -> str:
    """`10.9800` as PHP prints a float: `10.98`, and `2.0000` as `2`."""
    return decimals.rstrip("0").rstrip(".") if "." in decimals else decimals


def to_cents(amount: int) -> int:
    """Rounded to the cent, halves away from zero, as PHP rounds."""
    return (amount + 50) // CENT * CENT if amount >= 0 else -((-amount + 50) // CENT * CENT)


def times(amount: int, factor: int) -> int:
    """Amount times a factor in ten-thousandths, rounded to the cent."""
    return to_cents((amount * factor + ONE // 2) // ONE)


def percent_of(amount: int, percent: int) -> int:
    """A percentage (in ten-thousandths of a percent) of an amount, rounded to the cent."""
    return to_cents((amount * percent + 50 * ONE) // (100 * ONE))
