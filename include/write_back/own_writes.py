"""What earlier changes of the CRM left in a record, so that it is not taken for somebody else's doing.

Whoever asks for two changes in a row has seen the same in both. By the time the second is sent the store holds what the
first one wrote. What a newcomer would get wrong: that the store holds what we wrote is not enough. The writer must also
have seen what was there before, else somebody in the shop may have changed it back and forth since.
"""

from __future__ import annotations

from sqlalchemy import text

from include.write_back.desk import Desk
from include.write_back.entry import Entry
from include.write_back.merge import Decision, Merge, OwnWrite, Values, Why, merge

_CARTS = ("cart_change", "cart_to_order")
# The keys of records are those of their table, which the kind says.
_LEFT = text(
    """
    select distinct on (decided.field_name)
        decided.field_name, decided.base_value as saw, decided.remote_value as held, decided.taken_value as taken
    from crm.outbox as made inner join ops.write_back_log as decided on made.outbox_id = decided.outbox_id
    where made.channel_code = :channel and made.record_key = :record and made.kind = any(:kinds)
        and made.target_key = :target and made.outbox_id <> :outbox_id and made.sent_at is not null
        and decided.reason = any(:reasons)
    order by decided.field_name, decided.entry_id desc
    """
)
_WROTE = (Why.ONLY_THE_CRM_CHANGED, Why.THE_CRM_WINS, Why.THE_CRM_GOES_ON, Why.FOLLOWS)


def own_writes(desk: Desk, entry: Entry) -> dict[str, OwnWrite]:
    """By field, the last that other changes of the same record wrote."""
    values = {
        "channel": entry.channel_code,
        "record": entry.record_key,
        "kinds": list(_CARTS if entry.kind in _CARTS else (entry.kind,)),
        "target": entry.target_key,
        "outbox_id": entry.outbox_id,
        "reasons": [why.value for why in _WROTE],
    }
    with desk.outbox.engine.connect() as connection:
        rows = connection.execute(_LEFT, values)
        return {row.field_name: OwnWrite(saw=row.saw, held=row.held, left=row.taken) for row in rows}


def merged_with_ours(desk: Desk, entry: Entry, base: Values, wanted: Values, remote: Values) -> Merge:
    """The merge of an entry, as its channel settles conflicts; raises as `merge`."""
    found = merge(base, wanted, remote, desk.settings.priority)
    if not found.is_contested:
        return found
    return merge(base, wanted, remote, desk.settings.priority, ours=own_writes(desk, entry))


def note_what_follows(
    desk: Desk, entry: Entry, merged: Merge, seen: Values, before: Values, after: Values
) -> None:
    """Keep what a change moved besides the fields it merged, such as a cart's sum, where nobody else had moved it."""
    others = {*before, *after} - {decision.field for decision in merged.decisions}
    moved = sorted(name for name in others if before.get(name) != after.get(name))
    ours = own_writes(desk, entry) if moved else {}
    desk.outbox.note(
        entry,
        Merge(
            decisions=tuple(
                _follows(name, seen.get(name), before.get(name), after.get(name))
                for name in moved
                if _is_as_seen(seen.get(name), before.get(name), ours.get(name))
            )
        ),
    )


def _is_as_seen(saw: str | None, holds: str | None, ours: OwnWrite | None) -> bool:
    """Whether nobody but the CRM changed a field since its writer looked."""
    return (saw or None) == (holds or None) or (ours is not None and ours.explains(saw, holds))


def _follows(name: str, saw: str | None, held: str | None, left: str | None) -> Decision:
    return Decision(field=name, base=saw, local=None, remote=held, taken=left, why=Why.FOLLOWS)
