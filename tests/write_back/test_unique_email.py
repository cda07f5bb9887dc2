"""Asked of the demo store, which compares as MySQL does, and of the recorded one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from include.demo_store.running import running_store
from include.errors import ConfigError
from include.magento.address import StoreAddress
from include.magento.door import Door
from include.magento.soap import open_door
from include.write_back.unique_email import holder_of_email
from tests.magento.conftest import serving


@pytest.fixture(scope="module")
def demo() -> Iterator[tuple[Door, int, str, int]]:
    """A door to a demo store, and a customer of it: id, address, website."""
    with running_store(customers=5, orders=2) as store:
        row = next(c.row for c in store.shop.customers() if c.row["email"])
        address = StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key)
        with closing(open_door(address)) as door:
            yield door, int(row["entity_id"] or 0), str(row["email"]), int(row["website_id"] or 0)


def test_address_in_use_is_found_whatever_its_case(demo: tuple[Door, int, str, int]) -> None:
    door, holder, email, website = demo
    assert holder_of_email(door, f" {email.upper()} ", website_id=website) == holder
    assert holder_of_email(door, f"x{email}", website_id=website) is None


def test_customer_is_not_in_the_way_of_itself(demo: tuple[Door, int, str, int]) -> None:
    door, holder, email, website = demo
    assert holder_of_email(door, email, website_id=website, unless=holder) is None


def test_address_is_free_on_another_website_unless_customers_are_shared(
    demo: tuple[Door, int, str, int],
) -> None:
    door, holder, email, website = demo
    assert holder_of_email(door, email, website_id=website + 1) is None
    assert holder_of_email(door, email, website_id=website + 1, has_shared_customers=True) == holder


@pytest.mark.parametrize("email", ["", "  ", "ada.example.com"])
def test_what_is_no_address_is_refused(demo: tuple[Door, int, str, int], email: str) -> None:
    with pytest.raises(ConfigError, match="has no @"):
        holder_of_email(demo[0], email, website_id=1)


def test_recorded_store_tells_who_holds_an_address_and_that_customers_are_not_shared(
    shared_dir: Path,
) -> None:
    program = shared_dir / "tools" / "recorded_store.py"
    with serving(program, ()) as address, closing(open_door(address)) as door:
        assert holder_of_email(door, "customer1@example.com", website_id=1) == 2
        assert holder_of_email(door, "customer1@example.com", website_id=9) is None
        assert door.report().has_shared_customers is False
