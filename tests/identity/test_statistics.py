from __future__ import annotations

from typing import Any

from include.identity.statistics import keep_statistics
from tests.sync.records import order
from tests.sync.shop import Shop

MAKE_ACCOUNTS = """
insert into crm.accounts (account_key, channel_code, first_seen_at, changed_at)
select 'us:' || n, 'us', now(), now() from generate_series(cast(:low as int), :high) as n
"""


def known_rows(shop: Shop, table: str) -> Any:
    return shop.one("select reltuples::int from pg_class where oid = cast(:name as regclass)", name=table)


def keep(shop: Shop) -> None:
    with shop.engine.begin() as connection:
        keep_statistics(connection)


def test_planner_is_told_of_a_table_that_has_doubled_and_not_before(shop: Shop) -> None:
    shop.execute(MAKE_ACCOUNTS, low=1, high=3000)
    keep(shop)
    assert known_rows(shop, "crm.accounts") == 3000
    shop.execute(MAKE_ACCOUNTS, low=3001, high=3010)
    keep(shop)
    assert known_rows(shop, "crm.accounts") == 3000
    shop.execute(MAKE_ACCOUNTS, low=3011, high=9000)
    keep(shop)
    assert known_rows(shop, "crm.accounts") == 9000


def test_planner_knows_that_few_of_the_loaded_rows_are_gone(shop: Shop) -> None:
    shop.load("orders", *(order(number) for number in range(1, 601)))
    assert shop.rows(
        "select null_frac from pg_stats where tablename = 'orders' and attname = 'deleted_at'"
    ) == [1]
