"""Newsletter subscribers: every one of the shop by state, guests and undated ones included, and no code of theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from include.demo_store.running import RunningStore, running_store
from include.entities.catalogue import entity
from include.magento.address import StoreAddress
from include.magento.door import ChangedSince, IdRange, Page
from include.magento.soap import open_door
from tests.wire.chain import Chain, channel, contents
from tests.wire.conftest import Fresh, Loaded, Recorded
from tests.wire.recorded import truth
from tests.wire.values import instant

TABLE = "newsletter_subscribers"
STATES = {"1": "subscribed", "2": "not_active", "3": "unsubscribed", "4": "unconfirmed"}


def wanted(truth_dir: Path) -> dict[str, dict[str, object]]:
    rows = {}
    for row in truth(truth_dir, "newsletter"):
        email, customer, changed = row["subscriber_email"], row["customer_id"], row["change_status_at"]
        email = email if (email or "").strip() else None
        rows[f"us:{row['subscriber_id']}"] = {
            "newsletter_subscriber_key": f"us:{row['subscriber_id']}",
            "newsletter_subscriber_id": int(row["subscriber_id"] or 0),
            "channel_code": "us",
            "store_id": int(row["store_id"] or 0),
            "store_key": f"us:{row['store_id']}",
            "customer_id": int(customer) if customer not in (None, "0") else None,
            "customer_key": f"us:{customer}" if customer not in (None, "0") else None,
            "email": email,
            "email_normalised": email.strip().lower() if email else None,
            "status": STATES[row["subscriber_status"] or ""],
            "source_created_at": None,
            "source_updated_at": instant(changed) if changed else None,
            "deleted_at": None,
        }
    return rows


def test_every_column_of_every_subscriber_is_that_of_the_truth(with_bridge: Loaded, truth_dir: Path) -> None:
    found = contents(with_bridge.engine, TABLE)
    assert {key: {n: v for n, v in row.items() if n != "row_hash"} for key, row in found.items()} == wanted(
        truth_dir
    )


def test_states_and_guests_are_those_of_the_shop(with_bridge: Loaded) -> None:
    rows = contents(with_bridge.engine, TABLE).values()
    found = Counter((row["status"], row["customer_key"] is None) for row in rows)
    guests = {(state, True): 15 for state in STATES.values()}
    registered = {"subscribed": 54, "not_active": 7, "unsubscribed": 33, "unconfirmed": 6}
    assert found == guests | {(state, False): count for state, count in registered.items()}
    assert sum(row["source_updated_at"] is None for row in rows) == 53


def test_confirm_code_is_nowhere(with_bridge: Loaded, store: Path) -> None:
    (code, *_) = (store / "newsletterSubscriberList.xml").read_text().split("confirm_code ")[1:2]
    secret = code.partition(">")[2].partition("<")[0]
    assert len(secret) == 32
    assert secret not in str(contents(with_bridge.engine, TABLE))
    assert not any(
        secret in path.read_bytes().decode("latin-1") for path in with_bridge.chain.root.rglob("*.*")
    )


def test_without_the_bridge_they_are_not_available_and_it_is_said(recorded: Recorded) -> None:
    with open_door(recorded("--no-bridge")) as door:
        reason = door.delivers(entity(TABLE).reading["magento1"])
    assert (
        reason == "Newsletter subscribers are not available from this store: only the Oro bridge lists them."
    )


@pytest.mark.parametrize("wsi", [False, True], ids=["standard", "WS-I"])
def test_dated_subscribers_are_found_by_date_and_all_by_id(wsi: bool) -> None:
    with running_store(customers=120, orders=60, wsi=wsi) as store, open_door(_address(store)) as door:
        reading = entity(TABLE).reading["magento1"]
        by_id = {int(row["subscriber_id"] or 0): row for row in store.shop.subscribers()}
        greatest = door.greatest_id(reading)
        assert greatest == max(by_id)
        found = _ids(door.read(reading, IdRange(low=0, high=greatest), page_size=7))
        assert found == set(by_id)
        everything = ChangedSince(since=datetime(2000, 1, 1, tzinfo=UTC))
        dated = {number for number, r in by_id.items() if r["change_status_at"]}
        assert _ids(door.read(reading, everything, page_size=7)) == dated
        assert 0 < len(dated) < len(by_id)


def test_change_of_state_is_kept_with_its_time(fresh: Fresh) -> None:
    with running_store(customers=60, orders=30) as store:
        chain, address = fresh(channel=channel()), _address(store)
        chain.load(address, entities=["stores", TABLE])
        before = contents(chain.engine, TABLE)
        chosen = next(row for row in before.values() if row["status"] == "subscribed")
        number = int(str(chosen["newsletter_subscriber_id"]))
        store.shop.hand.change_subscription(number, 3)
        store.tick(hours=1)
        outcome = chain.load(address, entities=[TABLE])[TABLE]
        assert outcome["updated"] >= 1
        after = contents(chain.engine, TABLE)[f"us:{number}"]
        assert after["status"] == "unsubscribed"
        assert _was(chain, number) == [("subscribed", chosen["email"])]
        assert f"us:{number}" in _touched(chain, "newsletter_subscriber")


def _address(store: RunningStore) -> StoreAddress:
    return StoreAddress(wsdl_url=store.url, user=store.user, api_key=store.key)


def _ids(pages: Iterable[Page]) -> set[int]:
    found = [int(str(record["subscriber_id"])) for page in pages for record in page.records]
    assert len(found) == len(set(found))
    return set(found)


def _was(chain: Chain, number: int) -> list[tuple[object, ...]]:
    statement = text(
        "select status, email from crm.newsletter_subscribers_history where newsletter_subscriber_key = :key"
        " and valid_from < valid_to"
    )
    with chain.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(statement, {"key": f"us:{number}"})]


def _touched(chain: Chain, subject: str) -> set[str]:
    statement = text("select touched_key from ops.touched where subject = :subject")
    with chain.engine.connect() as connection:
        return set(connection.execute(statement, {"subject": subject}).scalars())
