"""Statistics of the tables that identity fills: without them, every window of a first load reads them whole.

Autovacuum looks once a minute, when a first load has written many windows. As the merge does for the tables it fills, a
table is told to the planner when it has doubled, so that it costs next to nothing in the long run.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_LOOKED_UP = {
    "crm.customers": "customer_key, account_key, email_normalised, deleted_at",
    "crm.account_matches": "customer_key, matched_customer_key, undone_at",
    "crm.accounts": "account_key, deleted_at",
    "crm.contacts": "contact_key, account_key, deleted_at",
    "crm.account_lifetimes": "account_key, valid_to",
}

# In pages, since the number of rows is not known without reading them.
_OUTGROWN = text(
    "select oid::regclass::text from pg_class"
    " where oid = any(cast(:tables as regclass[]))"
    " and pg_relation_size(oid) / current_setting('block_size')::int > 2 * greatest(relpages, 8)"
)


def keep_statistics(connection: Connection) -> None:
    """Tell the planner about the tables that have doubled since it was last told."""
    for name in connection.execute(_OUTGROWN, {"tables": list(_LOOKED_UP)}).scalars():
        connection.execute(text(f"analyze {name} ({_LOOKED_UP[name]})"))
