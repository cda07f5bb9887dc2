"""Guests on the newsletter of a Magento 2 store that has the Klaviyo extension, from the wire to consent and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import httpx
import pytest
from sqlalchemy import Row, text

from include.demo_store.running import RunningStore, running_store
from include.demo_store.settings import ACCESS_TOKEN
from include.demo_store.stores import STORES
from include.entities.catalogue import entity
from include.entities.newsletter_subscribers import STATUSES
from include.errors import ConfigError, DataError
from include.identity.guest_keys import GuestKeys
from include.identity.normalisation import normalise_email
from include.magento.rest import open_door
from include.magento.rest.address import BearerToken, RestAddress
from include.privacy.erase import erase_person
from include.sync.sweep import Sweep, Swept
from tests.wire.chain import SECRET, Chain, changed, channel
from tests.wire.conftest import Fresh

TABLE = "newsletter_subscribers"
READ = ("stores", "customers", TABLE)
RIGHT = "Magento_Newsletter::subscriber"
WEBSITES = {str(store.store_id): str(store.website.website_id) for store in STORES}
Entry = tuple[str, str | None, str, str | None]


def address(store: RunningStore) -> RestAddress:
    return RestAddress(url=store.url, credentials=BearerToken(token=ACCESS_TOKEN), timeout_seconds=20)


def rows(chain: Chain, query: str, **values: object) -> list[Row[Any]]:
    with chain.engine.connect() as connection:
        return list(connection.execute(text(query), values).all())


def guests(chain: Chain) -> set[Entry]:
    query = f"""
    select
        email_normalised, store_id::text, status,
        to_char(source_updated_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
    from crm.{TABLE} where newsletter_subscriber_id < 0 and deleted_at is null
    """  # noqa: S608 - ours
    return {cast(Entry, tuple(row)) for row in rows(chain, query)}


def expected(store: RunningStore) -> set[Entry]:
    """Entries of addresses that no customer of the same website has."""
    spoken_for = {
        (normalise_email(customer.row["email"] or ""), customer.row["website_id"])
        for customer in store.shop.customers()
    }
    return {
        (email, row["store_id"], STATUSES[row["subscriber_status"] or ""], row["change_status_at"])
        for row in store.shop.subscribers()
        if (email := normalise_email(row["subscriber_email"] or ""))
        and (email, WEBSITES[row["store_id"] or ""]) not in spoken_for
    }


def swept(chain: Chain, store: RunningStore, *, allow_deletions: bool = False) -> Swept:
    with open_door(address(store), sleep=lambda _: None) as door:
        reader = chain.by_id(door, now=lambda: datetime(2026, 11, 22, tzinfo=UTC))
        found = Sweep(reader=reader, entity=entity(TABLE), allow_deletions=allow_deletions).run()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(kind="magento2", klaviyo=True, customers=90, orders=20) as running:
        yield running


@pytest.fixture(scope="module")
def loaded(fresh: Fresh, store: RunningStore) -> Chain:
    """Not to be written to."""
    chain = fresh(channel=channel(code="us", kind="magento2"))
    chain.load(address(store), entities=READ)
    return chain


def test_first_load_has_every_guest_with_state_store_and_date(loaded: Chain, store: RunningStore) -> None:
    found = guests(loaded)
    assert found == expected(store)
    assert {status for _, _, status, _ in found} == set(STATUSES.values())


def test_second_run_changes_no_guest(loaded: Chain, store: RunningStore, fresh: Fresh) -> None:
    chain = fresh(like=loaded)
    assert changed(chain.load(address(store), entities=[TABLE])) == {}
    assert swept(chain, store).gone == []


def test_no_key_tells_an_address(loaded: Chain) -> None:
    keys = rows(loaded, f"select newsletter_subscriber_key, newsletter_subscriber_id from crm.{TABLE}")  # noqa: S608
    assert all(key == f"us:{number}" for key, number in keys)


def test_guest_who_is_subscribed_has_consented_and_cannot_be_changed(loaded: Chain) -> None:
    query = f"""
    select consent.state, entries.status, entries.newsletter_subscriber_key
    from crm.{TABLE} as entries
    inner join marketing.newsletter_entries as placed using (newsletter_subscriber_key)
    cross join lateral marketing.consent_of('us', placed.website_key, entries.email_normalised, null) as consent
    where entries.newsletter_subscriber_id < 0
    """  # noqa: S608 - ours
    found = rows(loaded, query)
    assert {(state, status) for state, status, _ in found} == {(s, s) for s in STATUSES.values()}
    with pytest.raises(Exception, match="this entry is a guest's"):
        rows(loaded, "select crm.request_change('newsletter_unsubscribe', :key)", key=found[0][2])


def test_change_of_a_guest_is_kept_with_what_it_was(fresh: Fresh) -> None:
    with running_store(kind="magento2", klaviyo=True, customers=60, orders=10) as store:
        chain = fresh(channel=channel(code="us", kind="magento2"))
        chain.load(address(store), entities=READ)
        chosen = next(
            row
            for row in store.shop.subscribers()
            if row["customer_id"] == "0" and row["subscriber_email"] and row["subscriber_status"] == "1"
        )
        store.shop.hand.change_subscription(int(chosen["subscriber_id"] or 0), 3)
        store.tick(hours=1)
        chain.load(address(store), entities=[TABLE])
        assert guests(chain) == expected(store)
    query = (
        "select status from crm.newsletter_subscribers_history where email = :email and valid_from < valid_to"
    )
    assert [row.status for row in rows(chain, query, email=chosen["subscriber_email"])] == ["subscribed"]


def test_guest_who_registers_gives_way_to_the_customer(loaded: Chain, fresh: Fresh) -> None:
    chain = fresh(like=loaded)
    with running_store(kind="magento2", klaviyo=True, customers=90, orders=20) as store:
        email, view, *_ = next(entry for entry in sorted(guests(chain)) if entry[2] == "subscribed")
        customer = {
            "email": email, "firstname": "Ada", "lastname": "Gast", "store_id": int(view or 0),
            "website_id": int(WEBSITES[view or ""]),
        }  # fmt: skip
        made = httpx.post(
            f"{store.url}/all/V1/customers",
            json={"customer": customer},
            headers={"Authorization": f"Bearer {ACCESS_TOKEN}"},
        )
        assert made.status_code == 200
        chain.load(address(store), entities=READ)
        found = swept(chain, store, allow_deletions=True)
        assert len(found.gone) == 1
        assert guests(chain) == expected(store)
    query = f"""
    select newsletter_subscriber_id > 0 as is_customer, deleted_at is null as is_there
    from crm.{TABLE} where email_normalised = :email order by newsletter_subscriber_id
    """  # noqa: S608 - ours
    assert [tuple(row) for row in rows(chain, query, email=email)] == [(False, False), (True, True)]


def test_right_that_is_missing_is_named_and_customers_load(fresh: Fresh) -> None:
    chain = fresh(channel=channel(code="us", kind="magento2"))
    with running_store(kind="magento2", klaviyo=True, customers=40, orders=10, withheld=(RIGHT,)) as store:
        chain.load(address(store), entities=READ)
    assert rows(chain, f"select 1 from crm.{TABLE}")  # noqa: S608 - ours
    assert guests(chain) == set()
    (said,) = {
        row.remarks
        for row in rows(chain, "select remarks from ops.windows where entity = :entity", entity=TABLE)
    }
    assert RIGHT in said


def test_right_taken_away_hides_no_customer_who_is_gone(loaded: Chain, fresh: Fresh) -> None:
    chain = fresh(like=loaded)
    before = guests(chain)
    (number,) = rows(chain, f"select max(newsletter_subscriber_id) from crm.{TABLE}")[0]  # noqa: S608 - ours
    with running_store(kind="magento2", klaviyo=True, customers=90, orders=20, withheld=(RIGHT,)) as store:
        store.shop.hand.delete_customer(number)
        with pytest.raises(ConfigError, match=RIGHT):
            swept(chain, store, allow_deletions=True)
    assert guests(chain) == before
    gone = f"select newsletter_subscriber_id from crm.{TABLE} where deleted_at is not null"  # noqa: S608 - ours
    assert [row.newsletter_subscriber_id for row in rows(chain, gone)] == [number]


def test_extension_taken_out_is_no_reason_to_forget_everybody(loaded: Chain, fresh: Fresh) -> None:
    chain = fresh(like=loaded)
    with running_store(kind="magento2", customers=90, orders=20) as store:
        with pytest.raises(DataError, match="allow_deletions"):
            swept(chain, store)
        assert guests(chain)
        swept(chain, store, allow_deletions=True)
        assert guests(chain) == set()


def test_erased_guest_is_forgotten_and_stays_so(loaded: Chain, store: RunningStore, fresh: Fresh) -> None:
    chain, keys = fresh(like=loaded), GuestKeys(SECRET)
    email = next(email for email, _, status, _ in sorted(guests(chain)) if status == "subscribed")
    erase_person(chain.engine, keys, keys.email_hash(email))
    chain.load(address(store), entities=[TABLE])
    assert not rows(chain, f"select 1 from crm.{TABLE} where email_normalised = :email", email=email)  # noqa: S608
    assert not rows(chain, "select 1 from marketing.consent where email_normalised = :email", email=email)
    assert swept(chain, store).gone == []
