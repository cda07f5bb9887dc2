from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from upath import UPath

from include.channels.loading import ChannelSet, Refusal
from include.errors import ConfigError
from include.privacy.erase import erase_person
from include.retention import purge
from include.retention.files import remove_channel
from include.retention.purge import KEPT, purge_rows, stop
from include.sync.registered import register
from include.warehouse.everything import metadata
from tests.identity.people import APRIL, FEBRUARY, JANUARY, MARCH, MAY, accounts, ada, bought, of, together
from tests.reports.in_order import refresh_in_order
from tests.sync.prepared_shop import prepared
from tests.sync.records import credit_memo, customer, dictionaries, order
from tests.sync.shop import T0, Shop

NOBODY = ChannelSet(channels=(), refused=())


def settle(shop: Shop, domain: str = "example.com") -> None:
    """A first load of a little of everything, some of it refused, some of it changed afterwards."""
    register(shop.engine, shop.channel, T0)
    one, two = customer(1, email=f"one@{domain}"), customer(2, email=f"two@{domain}")
    guest = {"customer_email": f"guest@{domain}"}
    shop.load("stores", dictionaries())
    shop.load("customers", one, two)
    shop.load("customers", one | {"email": f"new@{domain}", "updated_at": "2026-03-05 00:00:00"})
    shop.load("orders", order(1, customer_id="1"), order(2, **guest), order(3, grand_total="much"))
    shop.load("credit_memos", credit_memo(1))


def contents(shop: Shop, channel_code: str) -> dict[str, list[Any]]:
    """Everything in schema crm with keys of the channel, without what differs from load to load."""
    changing = {"first_seen_at", "changed_at", "window_id", "valid_from", "valid_to", "matched_at"}
    found = {}
    for table in metadata.sorted_tables:
        if table.schema == "crm":
            columns = ", ".join(f'"{c.name}"' for c in table.c if c.name not in changing)
            key = table.primary_key.columns[0].name
            owner = key if key.endswith("_key") else "channel_code || ':'"
            rows = shop.rows(
                f"select {columns} from {table.fullname} where {owner} like :some order by {key}",  # noqa: S608 - ours
                some=f"{channel_code}:%",
            )
            found[table.name] = rows
    return {name: rows for name, rows in found.items() if rows}


def mentions(shop: Shop, channel_code: str) -> list[str]:
    """Tables in which the channel still stands, in a code or a key."""
    found = []
    for table in metadata.sorted_tables:
        query = f"select count(*) from {table.fullname} as t where t::text ~ :code"  # noqa: S608 - ours
        if shop.one(query, code=rf"[(,\"]{channel_code}[:,]"):
            found.append(table.fullname)
    return found


def purged(shop: Shop, code: str = "us", found: ChannelSet = NOBODY) -> dict[str, int]:
    stop(shop.engine, found, code)
    return purge_rows(shop.engine, code)


def test_nothing_of_the_channel_is_left_and_the_others_stay(shop: Shop) -> None:
    other = shop.of(code="us2")
    prepared(shop, settle)
    settle(other, "elsewhere.example")
    before = contents(other, "us2")
    counts = purged(shop)
    assert mentions(shop, "us") == []
    assert contents(other, "us2") == before
    assert counts["crm.orders"] == 2
    assert counts["ops.quarantine"] == 1
    assert counts["crm.customers_history"] == 1


def test_channel_that_comes_back_is_loaded_as_for_the_first_time(shop: Shop) -> None:
    prepared(shop, settle)
    first = contents(shop, "us")
    purged(shop)
    settle(shop)
    assert contents(shop, "us") == first


def test_purged_channel_leaves_no_ghost_in_a_report(shop: Shop) -> None:
    other = shop.of(code="eu")
    prepared(shop, settle)
    settle(other)
    refresh_in_order(shop.engine, ["daily_sales", "rfm_history"], now=T0)
    codes = (
        "select distinct channel_code from report.daily_sales order by 1",
        "select distinct channel_code from report.rfm_history order by 1",
    )
    assert [shop.rows(query) for query in codes] == [["eu", "us"]] * 2
    purged(shop)
    refresh_in_order(shop.engine, ["daily_sales", "rfm_history"], now=T0)
    assert [shop.rows(query) for query in codes] == [["eu"]] * 2


def test_erased_people_stay_erased_when_the_channel_comes_back(shop: Shop) -> None:
    prepared(shop, settle)
    erase_person(shop.engine, shop.keys, "us:2")
    purged(shop)
    settle(shop)
    assert shop.one("select email from crm.customers where customer_key = 'us:2'") is None


def test_window_in_flight_loads_nothing_any_more(shop: Shop) -> None:
    prepared(shop, settle)
    window = shop.staged(shop.planned("orders"), [order(9)])
    stop(shop.engine, NOBODY, "us")
    assert shop.upsert(window) is None


def test_broken_purge_is_finished_by_the_next(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(shop, settle)
    with monkeypatch.context() as broken:
        broken.setattr(purge, "_condition", _refused)
        with pytest.raises(ZeroDivisionError):
            purged(shop)
    assert shop.rows("select channel_code from ops.channels") == ["us"]
    purged(shop)
    assert mentions(shop, "us") == []


real_condition = purge._condition


def _refused(table: Any) -> str | None:
    if table.fullname == "ops.quarantine":
        raise ZeroDivisionError
    return real_condition(table)


def test_channel_that_may_still_be_read_is_refused(shop: Shop) -> None:
    prepared(shop, settle)
    refusal = Refusal(file="x.yml", field="name", problem="is wrong", mend="mend it", code=None)
    for found in (
        ChannelSet(channels=(shop.channel,), refused=()),
        ChannelSet(channels=(), refused=(refusal,)),
    ):
        with pytest.raises(ConfigError, match="Channel us may still be read: write `active: false`"):
            purged(shop, found=found)
    asleep = shop.of(active=False).channel
    assert purged(shop, found=ChannelSet(channels=(asleep,), refused=()))


def test_channel_that_nobody_knows_is_refused(shop: Shop) -> None:
    with pytest.raises(ConfigError, match="no such channel"):
        stop(shop.engine, NOBODY, "../..")


def test_every_table_says_which_rows_are_a_channel_s_or_is_kept() -> None:
    conditions = {table.fullname: purge._condition(table) for table in metadata.tables.values()}
    assert {name for name, condition in conditions.items() if condition is None} == KEPT


@pytest.mark.parametrize("place", ["folder", "object store"])
def test_files_of_the_channel_go_and_no_others(tmp_path: Path, place: str) -> None:
    root: Any = tmp_path if place == "folder" else UPath(f"memory://{uuid4().hex}")
    for code in ("us", "us2"):
        for name in ("raw-0001.jsonl.gz", "stage"):
            folder = root / code / "orders" / "1-0000000012345678"
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("wb") as file:
                file.write(b"x")
    remove_channel(root, "us")
    remove_channel(root, "us")
    left = {str(path).partition("us2")[1] for path in root.rglob("*") if "-" in path.name}
    assert left == {"us2"}


def test_purge_goes_in_steps(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.retention.steps.STEP", 2)
    prepared(shop, settle)
    shop.load("customers", *(customer(n) for n in range(10, 15)))
    assert purged(shop)["crm.customers"] == 8
    assert mentions(shop, "us") == []
    with shop.engine.connect() as connection:
        assert connection.execute(text("select count(*) from ops.windows")).scalar_one() == 0


def living(shop: Shop) -> tuple[Any, ...]:
    """Accounts and contacts with all they say, and who is in them."""
    query = "select {} from crm.{} where deleted_at is null order by 1"
    cards = [shop.rows(query.format(columns, table)) for table, columns in CARDS.items()]
    return (
        *cards,
        accounts(shop),
        shop.rows("select customer_key, matched_customer_key, rule from crm.account_matches order by 1"),
    )


CARDS = {
    "accounts": "account_key, account_name, customer_count, has_registered_customer, merged_into_account_key",
    "contacts": "contact_key, account_key, customer_key, email, first_name, last_name",
}


def test_people_of_two_channels_keep_their_accounts_in_the_one_that_stays(shop: Shop) -> None:
    """OroCRM leaves accounts and contacts behind, and has them twice when the channel is made again."""
    us, eu = of(shop, code="us"), of(shop, code="eu")
    us.load("customers", ada(1, JANUARY), ada(2, MARCH, email="other@example.com"))
    eu.load("customers", ada(5, FEBRUARY), ada(6, APRIL))
    us.load("orders", bought(8, MAY))
    first = living(shop)
    assert together("us:1", "eu:5", "eu:6", "us guest ? ada@example.com") < accounts(shop)
    purged(us)
    assert mentions(shop, "us") == []
    assert accounts(shop) == together("eu:5", "eu:6")
    assert shop.rows(
        "select account_key, customer_count, deleted_at is null from crm.accounts order by 1"
    ) == [("eu:5", 2, True)]
    assert shop.rows("select contact_key, account_key from crm.contacts") == [("eu:5", "eu:5")]
    register(us.engine, us.channel, T0)
    us.load("customers", ada(1, JANUARY), ada(2, MARCH, email="other@example.com"))
    us.load("orders", bought(8, MAY))
    assert living(shop) == first


def test_lifetime_values_go_with_the_channel_and_stay_with_the_others(shop: Shop) -> None:
    us, eu = of(shop, code="us"), of(shop, code="eu")
    us.load("stores", dictionaries())
    us.load("customers", ada(1, JANUARY))
    eu.load("customers", ada(5, FEBRUARY), ada(6, JANUARY, email="other@example.com"))
    us.load("customers", ada(2, MARCH, email="other@example.com"))
    for channel, numbers in ((us, (1, 2)), (eu, (5, 6))):
        channel.load("orders", *(order(n, customer_id=str(n), base_subtotal=f"{n}") for n in numbers))
    query = "select account_key, channel_code, lifetime_amount from crm.account_lifetimes"
    current = f"{query} where valid_to is null and not is_reporting_currency order by 1, 2"
    assert shop.rows(current) == [("eu:6", "eu", 6), ("eu:6", "us", 2), ("us:1", "eu", 5), ("us:1", "us", 1)]
    purged(us)
    assert shop.rows(current) == [("eu:5", "eu", 5), ("eu:6", "eu", 6)]
    assert mentions(shop, "us") == []


def test_account_that_a_purged_customer_had_joined_forgets_it(shop: Shop) -> None:
    us, eu = of(shop, code="us"), of(shop, code="eu")
    eu.load("customers", ada(5, JANUARY))
    us.load("customers", ada(1, FEBRUARY))
    purged(us)
    assert shop.rows("select account_key, customer_count from crm.accounts") == [("eu:5", 1)]
    assert mentions(shop, "us") == []
