"""### Erase a person: forgotten in every table, history, quarantine and kept file, for good

Personal columns of everything the person has become NULL: accounts, addresses, orders, carts, comments, subscriptions,
superseded versions, waiting records, raw copies. Orders keep money, dates and products, so reports still reconcile. A
keyed hash of the e-mail stays in `ops.erasures` and is applied to whatever is read later: no sync, backfill, replay or
restored file brings the person back. Erase the person in the store too, which this does not do.

**Who.** Start it with the form: the key of a customer, or the token that `make token` prints for an e-mail; `make
erase` asks for the e-mail and does both. An e-mail does not belong into the form, which Airflow keeps and shows.
`exports_json` in `ops.erasures` lists the segment files that held the person: ask whoever got them to delete them.

**When it fails**, the red task says in one sentence what to do. `erase` is one transaction, done or not done; run it
again until `files_rewritten_at` in `ops.erasures` is set. Running it again is always safe.
"""

from airflow.sdk import dag

from include.orchestration import defaults
from include.orchestration.privacy import erase, erase_params, forget_in_files
from include.orchestration.readers import tell_readers


@dag(
    schedule=None,
    doc_md=__doc__,
    params=erase_params(),
    tags=["maintain", "privacy"],
    **defaults.COMMON,
)
def maintain_erase_person() -> None:
    erased = erase()
    forget_in_files(erased)
    tell_readers.override(outlets=defaults.assets_of_people())(erased)


maintain_erase_person()
