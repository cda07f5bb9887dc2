"""One load by dlt, run by the Python of dlt's own environment: `python -m benchmarks.dlt_load ...`. Prints JSON.

Imports nothing that is not in that environment, which holds dlt and not the project's packages.
"""

import json
import pickle
import sys
import time
from pathlib import Path

import dlt
import pyarrow as pa

from benchmarks.nested_rows import PARENT, rows_by_table

CHUNK = 10_000
FILE_FORMAT = "csv"


def main(server: str, records_file: str, disposition: str, shape: str, home: str) -> None:
    """Load the records after a first load of a few, which makes the tables."""
    records = pickle.loads(Path(records_file).read_bytes())  # noqa: S301 - written by the benchmark itself
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=home,
        dataset_name=f"dlt_{disposition}_{shape}",
        destination=dlt.destinations.postgres(credentials=json.loads(server)),
    )
    pipeline.run(_resources(records[:100], disposition, shape), loader_file_format=FILE_FORMAT)
    started = time.perf_counter()
    pipeline.run(_resources(records[100:], disposition, shape), loader_file_format=FILE_FORMAT)
    seconds = time.perf_counter() - started
    with pipeline.sql_client() as client:
        ((orders,),) = client.execute_sql("select count(*) from orders")
    print(json.dumps({"seconds": seconds, "orders": orders}))


def _resources(records, disposition, shape):
    if shape == "nested":
        return [_nested(records, disposition)]
    return [_flat(name, rows, disposition, shape) for name, rows in rows_by_table(records).items()]


def _nested(records, disposition):
    """As they are: dlt makes the children's tables itself."""
    hints = {"primary_key": "order_id"} if disposition == "merge" else {}
    chunks = [records[start : start + CHUNK] for start in range(0, len(records), CHUNK)]
    return dlt.resource(chunks, name="orders", write_disposition=disposition, max_table_nesting=1, **hints)


def _flat(name, rows, disposition, shape):
    """Split by hand, so that nothing is left for dlt to un-nest or to guess."""
    key = {"primary_key": "order_id"} if name == "orders" else {"merge_key": PARENT}
    columns = {column: {"data_type": "text"} for column in {name for row in rows for name in row}}
    schema = pa.schema([(column, pa.string()) for column in sorted(columns)])

    def chunks():
        for start in range(0, len(rows), CHUNK):
            some = rows[start : start + CHUNK]
            yield pa.Table.from_pylist(some, schema=schema) if shape == "arrow" else some

    hints = key if disposition == "merge" else {}
    return dlt.resource(
        chunks, name=name, write_disposition=disposition, columns=columns, max_table_nesting=0, **hints
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
