"""Accounts by hand: two that are one, or a customer who is not whom the rules took them for.

    python -m include.identity.by_hand join us:1042 us:77 [--same-person]
    python -m include.identity.by_hand part us:1042

run like `include.warehouse.migrate`. What a person decided stays, whatever a sync or a new warehouse of the same
matches finds: the rules never part what was joined by hand and never join again what was parted.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys

from sqlalchemy import Connection, text

from include.errors import ConfigError, SyncError
from include.identity.accounts import settle_customers
from include.identity.lifetimes import value_lifetimes_of
from include.identity.lock import hold
from include.settings import Settings
from include.warehouse.engine import open_engine, warehouse_url
from include.warehouse.migrate import CONNECTION_VARIABLE, assure_current

_FOUNDERS = """
select customers.account_key
from crm.customers as customers
inner join crm.customers as founders on customers.account_key = founders.customer_key
where customers.customer_key = any(:customer_keys)
group by customers.account_key, founders.source_created_at
order by coalesce(founders.source_created_at, 'infinity'), customers.account_key
"""
_JOIN = """
insert into crm.account_matches
    (customer_key, matched_customer_key, rule, is_same_person, matched_at, matched_by)
values (:younger, :older, 'by_hand', :is_same_person, now(), :by)
on conflict (customer_key) do update set
    matched_customer_key = excluded.matched_customer_key,
    rule = excluded.rule,
    is_same_person = excluded.is_same_person,
    matched_at = excluded.matched_at,
    matched_by = excluded.matched_by,
    undone_at = null,
    undone_by = null,
    window_id = null
"""
_PART = """
update crm.account_matches as matches set undone_at = now(), undone_by = :by
from crm.customers
where
    matches.customer_key = :customer_key
    and matches.undone_at is null
    and customers.customer_key = matches.customer_key
returning customers.account_key
"""


def join(
    connection: Connection, customer_key: str, other_key: str, *, by: str, is_same_person: bool = False
) -> str:
    """Make one account of the accounts of two customers; the older founder's goes on.

    Args:
        connection: in a transaction.
        customer_key: any customer of the one.
        other_key: any customer of the other.
        by: who decided.
        is_same_person: whether the two founders are one contact, too.

    Returns:
        Key of the account that both belong to now.

    Raises:
        ConfigError: there is no such customer, or they share an account already.
    """
    hold(connection)
    founders = (
        connection.execute(text(_FOUNDERS), {"customer_keys": [customer_key, other_key]}).scalars().all()
    )
    if len(founders) != 2:
        _explain(connection, customer_key, other_key)
    older, younger = founders
    values = {"older": older, "younger": younger, "is_same_person": is_same_person, "by": by}
    connection.execute(text(_JOIN), values)
    settle_customers(connection, [younger], are_moved=True)
    value_lifetimes_of(connection, founders)
    return str(older)


def _explain(connection: Connection, *customer_keys: str) -> None:
    known = text("select customer_key from crm.customers where customer_key = any(:keys)")
    unknown = set(customer_keys) - set(connection.execute(known, {"keys": list(customer_keys)}).scalars())
    if unknown:
        raise ConfigError(f"There is no customer {min(unknown)}: give a customer_key of crm.customers.")
    raise ConfigError("The two customers belong to one account already: there is nothing to join.")


def part(connection: Connection, customer_key: str, *, by: str) -> str:
    """Undo a customer's match: from now on they found an account, with those who joined through them.

    Args:
        connection: in a transaction.
        customer_key: the customer who joined.
        by: who decided.

    Returns:
        Key of the account that was left.

    Raises:
        ConfigError: the customer joined nobody.
    """
    hold(connection)
    left = connection.execute(text(_PART), {"customer_key": customer_key, "by": by}).scalar_one_or_none()
    if left is None:
        raise ConfigError(
            f"Customer {customer_key} joined nobody's account: part those who joined theirs, which "
            "crm.account_matches lists by matched_customer_key."
        )
    settle_customers(connection, [customer_key], are_moved=True)
    value_lifetimes_of(connection, [customer_key, left])
    return str(left)


def main(arguments: list[str] | None = None) -> int:
    """Entry of the command line."""
    parser = argparse.ArgumentParser(prog="python -m include.identity.by_hand", description=__doc__)
    parser.add_argument("decision", choices=("join", "part"))
    parser.add_argument("customer_key")
    parser.add_argument("other_key", nargs="?", help="of any customer of the other account, to join")
    parser.add_argument("--same-person", action="store_true", help="make one contact of them, too")
    parser.add_argument("--by", default=getpass.getuser(), help="who decided; you by default")
    chosen = parser.parse_args(arguments)
    if (chosen.decision == "join") != bool(chosen.other_key):
        parser.error("join takes two customer keys, part takes one")
    try:
        account = _decide(chosen)
    except SyncError as error:
        sys.stderr.write(f"{error.summary}\n")
        return 1
    word = "is one account now" if chosen.decision == "join" else "was left"
    sys.stdout.write(f"{account} {word}.\n")
    return 0


def _decide(chosen: argparse.Namespace) -> str:
    engine = open_engine(warehouse_url(os.environ.get(CONNECTION_VARIABLE), Settings.from_environment()))
    try:
        assure_current(engine)
        with engine.begin() as connection:
            if chosen.decision == "part":
                return part(connection, chosen.customer_key, by=chosen.by)
            return join(
                connection,
                chosen.customer_key,
                chosen.other_key,
                by=chosen.by,
                is_same_person=chosen.same_person,
            )
    finally:
        engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
