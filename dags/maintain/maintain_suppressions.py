"""### Opt-out files: who may not be written to any more

Takes in the files that were dropped at `CRM_SUPPRESSIONS_URL`: exports of unsubscribed, bounced and complained people
from Klaviyo, Mailchimp, dotdigital and HubSpot, as the platform wrote them. Each address becomes a keyed hash in
`marketing.suppressions`; from then on no export holds it, whatever consent the store knows of. A file in a folder named
after a channel counts for that channel only. What was taken in is deleted, or moved to `done/` where
`CRM_KEEP_OPT_OUT_FILES` is set. `make suppress` does the same for one address. Where the channel file says
`two_way.unsubscribe_suppressed`, the store is asked to unsubscribe who is on its list.

**When it fails**, the red task names the file and the line. The file was moved to `refused/` and nothing of it counts;
the text beside it says what to mend. Mend it and drop it again; the other files were taken in. Running it again is
always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.readers import tell_readers
from include.orchestration.suppressions import check_opt_out_files as check_files
from include.orchestration.suppressions import suppression_params, take_opt_out_files, tell_stores


@dag(
    schedule="*/15 * * * *",
    doc_md=__doc__,
    params=suppression_params(),
    tags=["maintain", "privacy"],
    **defaults.COMMON,
)
def maintain_suppressions() -> None:
    taken = take_opt_out_files()
    tell_readers.override(outlets=[defaults.asset_of_suppressions()])(taken)
    taken >> tell_stores.override(outlets=[defaults.asset_of_outbox()])()
    check_files(taken)


maintain_suppressions()
