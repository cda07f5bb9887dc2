"""Three-way merge of one change: what the writer saw, what the writer wants, what the store holds now.

Pure and field by field, by name. OroCRM compared positions where it meant names: with one conflict, an edit that had
nothing to do with it was lost and the store's priority gave the CRM's value. So no decision here depends on another
field, and every field that was asked for gets one, with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

from include.errors import ConfigError

Values: TypeAlias = Mapping[str, str | None]
Priority: TypeAlias = Literal["remote", "local", "ask"]


class Why(StrEnum):
    """The reason of a decision, as it is kept in the log."""

    NOTHING_CHANGED = "nothing changed"
    ONLY_THE_STORE_CHANGED = "only the store changed it"
    ONLY_THE_CRM_CHANGED = "only the CRM changed it"
    THE_CRM_GOES_ON = "only the CRM changed it, before this too"
    BOTH_AGREE = "both changed it to the same"
    THE_STORE_WINS = "both changed it, the store has priority"
    THE_CRM_WINS = "both changed it, the CRM has priority"
    SOMEBODY_HAS_TO_SAY = "both changed it, somebody has to decide"
    FOLLOWS = "it follows from what was written"


_CONTESTED = (Why.THE_STORE_WINS, Why.THE_CRM_WINS, Why.SOMEBODY_HAS_TO_SAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWrite:
    """What an earlier change of the CRM did to a field.

    Attributes:
        saw: what its writer saw.
        held: what the store held.
        left: what it wrote.
    """

    saw: str | None
    held: str | None
    left: str | None

    def explains(self, saw: str | None, holds: str | None) -> bool:
        """Whether a field is other than its writer saw it only because of this."""
        left = _plain(self.left)
        return left == _plain(holds) and _plain(saw) in (_plain(self.saw), _plain(self.held))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of one field.

    Attributes:
        field: its name.
        base, local, remote: what the writer saw, wants, and the store holds.
        taken: what the field shall be; where somebody has to say, what the store holds stays for now.
        why: the reason.
    """

    field: str
    base: str | None
    local: str | None
    remote: str | None
    taken: str | None
    why: Why

    @property
    def is_open(self) -> bool:
        """Whether somebody has to say which value it shall be."""
        return self.why is Why.SOMEBODY_HAS_TO_SAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """The decisions of one change, in the order of the fields asked for."""

    decisions: tuple[Decision, ...]

    @property
    def is_open(self) -> bool:
        """Whether somebody has to say something before any of it is written."""
        return any(decision.is_open for decision in self.decisions)

    @property
    def is_contested(self) -> bool:
        """Whether both sides changed a field to different values, however that was settled."""
        return any(decision.why in _CONTESTED for decision in self.decisions)

    @property
    def to_write(self) -> dict[str, str | None]:
        """Fields that the store does not hold yet as they shall be; none while somebody has to say something."""
        if self.is_open:
            return {}
        return {d.field: d.taken for d in self.decisions if d.taken != _plain(d.remote)}


def merge(
    base: Values,
    local: Values,
    remote: Values,
    priority: Priority,
    *,
    ours: Mapping[str, OwnWrite] | None = None,
) -> Merge:
    """Decide every field of `local`; fields that nobody asked for are not touched.

    Args:
        base: what the writer saw, for each of these fields.
        local: what the writer wants.
        remote: what the store holds now; a field it does not name is empty there.
        priority: who wins where both changed a field to different values; ask: nobody, the change waits.
        ours: by field, what an earlier change of the CRM did; what it left was not changed by the store.

    Raises:
        ConfigError: `base` does not say what the writer saw of a field.
    """
    unseen = sorted(local.keys() - base.keys())
    if unseen:
        raise ConfigError(
            f"The change does not say what the writer saw of {', '.join(unseen)}: ask for it again with these values."
        )
    return Merge(
        decisions=tuple(
            _decide(name, base[name], local[name], remote.get(name), priority, (ours or {}).get(name))
            for name in local
        )
    )


def _decide(
    name: str,
    base: str | None,
    local: str | None,
    remote: str | None,
    priority: Priority,
    ours: OwnWrite | None,
) -> Decision:
    saw, wants, holds = _plain(base), _plain(local), _plain(remote)
    why = _why(saw, wants, holds, priority)
    if why in _CONTESTED and ours is not None and ours.explains(saw, holds):
        why = Why.THE_CRM_GOES_ON
    takes_crm = why in (Why.ONLY_THE_CRM_CHANGED, Why.THE_CRM_WINS, Why.THE_CRM_GOES_ON)
    return Decision(
        field=name, base=saw, local=wants, remote=holds, taken=wants if takes_crm else holds, why=why
    )


def _why(saw: str | None, wants: str | None, holds: str | None, priority: Priority) -> Why:
    if wants == saw:
        return Why.NOTHING_CHANGED if holds == saw else Why.ONLY_THE_STORE_CHANGED
    if holds == saw:
        return Why.ONLY_THE_CRM_CHANGED
    if holds == wants:
        return Why.BOTH_AGREE
    return {
        "remote": Why.THE_STORE_WINS,
        "local": Why.THE_CRM_WINS,
        "ask": Why.SOMEBODY_HAS_TO_SAY,
    }[priority]


def _plain(value: str | None) -> str | None:
    """Empty and blank are the same nothing: the wire cannot tell them apart."""
    return value if value is not None and value.strip() else None
