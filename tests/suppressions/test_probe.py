from __future__ import annotations

from sqlalchemy import Engine, text

from include.suppressions import probe
from include.suppressions.tables import REASONS
from tests.suppressions.addresses import hashed

MANY = """
insert into marketing.suppressions (address_hash, mailbox_hash, scope, reason, source, first_noted_at, last_noted_at)
select
    encode(sha256(number::text::bytea), 'hex'), encode(sha256(number::text::bytea), 'hex'), '*', 'bounced', 'klaviyo',
    now(), now()
from generate_series(1, 20000) as number
"""


def test_however_many_are_kept_they_are_not_all_read_for_a_batch(database: Engine) -> None:
    asked = {
        "hashes": [hashed(str(number)) for number in range(5000)],
        "channel": "us",
        "everywhere": "*",
        "reasons": list(REASONS),
    }
    with database.begin() as connection:
        connection.execute(text(MANY))
        connection.execute(text("analyze marketing.suppressions"))
        plan = connection.execute(text(f"explain {probe._PROBE.text}"), asked).scalars().all()
    assert "suppressions_pkey" in "\n".join(plan)
    assert "Seq Scan" not in "\n".join(plan)
