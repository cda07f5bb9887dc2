"""One run of dlt's `rest_api` source, by the Python of dlt's own environment: `python -m benchmarks.rest_dlt_once ...`.

Prints JSON. Imports nothing that is not in that environment, which holds dlt and not the project's packages. Set up as
its documentation says: incremental with cursor and primary key, rows without a cursor included, a page number that
ends at the first empty page (Magento tells rows, not pages), parallelized.
"""

import json
import sys
import time

import dlt
from dlt.sources.rest_api import rest_api_source

FILE_FORMAT = "csv"
_FILTER = "searchCriteria[filter_groups][0][filters][0]"
_SORT = "searchCriteria[sortOrders][0]"


def main(arguments: str) -> None:
    """Load the orders of a store; twice over where the tables have to be made first."""
    given = json.loads(arguments)
    pipeline = dlt.pipeline(
        given["name"],
        pipelines_dir=given["home"],
        dataset_name=given["name"],
        destination=dlt.destinations.postgres(credentials=given["server"]),
    )
    if given["is_warmed"]:
        pipeline.run(_source(given).add_limit(1), loader_file_format=FILE_FORMAT)
    started = time.perf_counter()
    pipeline.run(_source(given), loader_file_format=FILE_FORMAT)
    seconds = time.perf_counter() - started
    with pipeline.sql_client() as client:
        rows = client.execute_sql("select entity_id::text, updated_at::text from orders")
        lines = client.execute_sql("select count(*) from orders__items")
    print(json.dumps({"seconds": seconds, "orders": [list(row) for row in rows or []], "lines": lines[0][0]}))


def _source(given):
    endpoint = {
        "path": "orders",
        "data_selector": "items",
        "response_actions": [_without_nul],
        "paginator": {
            "type": "page_number",
            "base_page": 1,
            "page_param": "searchCriteria[currentPage]",
            "total_path": None,
        },
        "params": {
            "searchCriteria[pageSize]": given["page_size"],
            f"{_SORT}[field]": given["sort"],
            f"{_SORT}[direction]": "ASC",
        },
    }
    if given["is_incremental"]:
        endpoint["incremental"] = {
            "cursor_path": "updated_at",
            "initial_value": "1970-01-01 00:00:00",
            "on_cursor_value_missing": "include",
        }
        endpoint["params"] |= {
            f"{_FILTER}[field]": "updated_at",
            f"{_FILTER}[condition_type]": "gteq",
            f"{_FILTER}[value]": "{incremental.start_value}",
        }
    resource = {
        "name": "orders",
        "primary_key": "entity_id",
        "write_disposition": "merge",
        "parallelized": True,
        "max_table_nesting": 3,
        "endpoint": endpoint,
        "columns": {"updated_at": {"data_type": "text"}, "created_at": {"data_type": "text"}},
    }
    if given["is_trimmed"]:
        resource["processing_steps"] = [{"map": _without_repetitions}]
    client = {"base_url": f"{given['url']}/V1/", "auth": {"type": "bearer", "token": given["token"]}}
    return rest_api_source({"client": client, "resources": [resource]})


def _without_nul(response, *_args, **_kwargs):
    """A character that PostgreSQL cannot hold would end its load for good."""
    if rb"\u0000" in response.content:
        response._content = response.content.replace(rb"\u0000", b"")


def _without_repetitions(order):
    """Lines stand in an order twice, and each parent once more in its child."""
    for assignment in order["extension_attributes"]["shipping_assignments"]:
        assignment.pop("items", None)
    for line in order["items"]:
        line.pop("parent_item", None)
    return order


if __name__ == "__main__":
    main(*sys.argv[1:])
