"""What a dry run found, told where people look: in the log of the task `publish` and on the screen of `make run`.

Keys and names of columns only; the first rows of each table, all of which are in ops.windows.changes_json.
"""

from __future__ import annotations

import logging

from sqlalchemy import Connection

from include.entities.catalogue import entity as entity_named
from include.orchestration.failures import noticed
from include.sync.run_report import compared_by

MOST_TOLD = 20
log = logging.getLogger(__name__)


def tell(connection: Connection, run_id: str, entity: str) -> None:
    """Say what the compared windows of a run would change, table by table."""
    order = {table.name: number for number, table in enumerate(entity_named(entity).tables)}
    found = compared_by(connection, run_id, entity)
    for table in sorted(found, key=lambda one: (one.channel_code, order.get(one.name, len(order)))):
        counts = ", ".join(f"{count} {name}" for name, count in table.counts.items() if count)
        noticed.append(f"{table.channel_code}: {table.name}: {counts or 'nothing'}")
        log.info("dry run channel=%s table=%s %s", table.channel_code, table.name, counts)
        for change in table.changes[:MOST_TOLD]:
            columns = f" ({', '.join(change['columns'])})" if change["columns"] else ""
            noticed.append(f"  {change['key']} {change['change']}{columns}")
            log.info("dry run %s %s%s", change["key"], change["change"], columns)
