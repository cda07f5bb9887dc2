"""### Segments and their files

Brings every segment of `sql/segments/` up to date every hour and after reports, consents or suppressions changed, each
in a task `segment` of its own: keeps who entered and who left, and writes the files of its channels and profiles with a
manifest (counts, checksums, up to when the data is complete) to the export folder, unless they would say the same as
the last ones. New files then go where `destinations` in the segment's YAML says, each once: `marketing.deliveries`.
`latest.json` beside the files names the current ones.

To add a segment, add a folder; this DAG finds it. `segment.yml` in the folder describes the people in plain words.

**When it fails**, the red task bears the segment's name and says in one sentence what to do; the other segments are
delivered all the same. Tried again, it goes on from where it broke off: files that still say the truth are not written
anew, and a destination that has them is left alone. A segment of an unexpected size is no failure: it is held back, and
`segment_approval` asks a person.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.approval import publish_questions
from include.orchestration.segment import check_files, check_segments, list_segments, segment


@dag(
    schedule=defaults.when_segments_may_change(),
    doc_md=__doc__,
    params=defaults.refresh_params("segment"),
    tags=["segment"],
    **defaults.COMMON,
)
def segment_files() -> None:
    check_segments()
    done = segment.expand(name=list_segments())
    done >> [publish_questions.override(outlets=[defaults.asset_of_questions()])(), check_files()]


segment_files()
