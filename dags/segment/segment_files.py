"""### Segments and their files

Brings every segment of `sql/segments/` up to date after new data arrived, keeps who entered and who left, and writes
one CSV file per segment with a manifest (rows, columns, checksum, time, up to when the data is complete) to the export
folder, unless it would say the same as the last one. `latest.json` beside the files names the current one.

To add a segment, add a folder; this DAG finds it. `segment.yml` in the folder describes the people in plain words.

**When it fails**, the red task says in one sentence what to do; the other segments are delivered all the same. A
segment of an unexpected size writes no file.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.segment import check_segments, deliver, list_segments


@dag(
    schedule=defaults.any_report_checked(),
    doc_md=__doc__,
    params=defaults.refresh_params("segment"),
    tags=["segment"],
    **defaults.COMMON,
)
def segment_files() -> None:
    check_segments()
    deliver.expand(name=list_segments())


segment_files()
