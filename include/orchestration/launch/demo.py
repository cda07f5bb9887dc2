"""`make demo`: a simulated Magento store becomes a CRM warehouse, a report table and a segment file, through Airflow.

The store is simulated, everything else is what a real store goes through. A second call loads what changed since:
with the same store, nothing.
"""

from __future__ import annotations

import os
import sys

from include.demo_store.settings import StoreSettings
from include.errors import SyncError
from include.orchestration.launch.environment import local_settings
from include.orchestration.launch.run import run_chain
from include.orchestration.launch.shop import CHANNEL, CONNECTION_VARIABLE, connection, running_shop
from include.settings import Settings
from include.warehouse.migrate import CONNECTION_VARIABLE as WAREHOUSE_VARIABLE

NEXT = """
What next
  make psql    a prompt on the warehouse: try  select * from report.daily_sales order by sales_date desc limit 10;
  make report  the list of report tables;  make report NAME=daily_sales  prints one with its definition
  make up      Airflow with these DAGs, scheduled, and the demo store beside it
  README.md    how to point all this at a store of yours
"""


def main() -> int:
    """Entry of the command line; 0 when every DAG succeeded."""
    try:
        return show(own_settings(local_settings()))
    except SyncError as error:
        print(f"make demo: {error.summary}", file=sys.stderr)
        return 1


def own_settings(settings: Settings) -> Settings:
    """Settings that keep the demo on this machine: simulated orders have no place in a warehouse of real ones."""
    os.environ.pop(WAREHOUSE_VARIABLE, None)
    return Settings.from_environment({"CRM_DATA_DIR": str(settings.data_dir)})


def show(settings: Settings) -> int:
    """Run the chain on a demo store and tell what came of it."""
    with running_shop() as url:
        os.environ[CONNECTION_VARIABLE] = connection(url)
        size = StoreSettings()
        print(f"A demo store with {size.customers:,} customers and {size.orders:,} orders is up.", flush=True)
        print("The chain, DAG by DAG:\n", flush=True)
        steps = run_chain(settings, channel=CHANNEL)
    if not all(step.is_success for step in steps):
        return 1
    _summarise(settings)
    print(NEXT)
    return 0


def _summarise(settings: Settings) -> None:
    from include.orchestration.launch.summary import print_summary
    from include.orchestration.launch.warehouse import open_local_warehouse

    with open_local_warehouse(settings) as engine, engine.connect() as connected:
        print_summary(connected, CHANNEL, settings.export_url)
    print(f"Every check, with the keys of what did not pass: {settings.data_docs_url}/index.html")


if __name__ == "__main__":
    sys.exit(main())
