"""Staged Parquet of a shop of any size, in bounded memory: what extraction would leave for one window.

A few thousand orders come from the demo store, through the project's own parser and mapping, so that every column is
filled as a shop fills it. The rest are copies with ids, keys, numbers, e-mail addresses and dates of their own. The
loader cannot tell: it compares keys and contents, and no two rows are equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.demo_shop import CHANNEL, MAPPING, DemoShop
from include.entities.catalogue import entity
from include.entities.model import Table
from include.magento.door import Record
from include.sync.flatten import ROOT, flatten
from include.sync.staging import FolderPath, Stage

ORDERS = entity("orders")
LINES_PER_ORDER = 2
BLOCK_ORDERS = 2000

Frames = dict[str, pa.Table]
# Columns with ids, and the column whose highest id in a block says by how much the next block's are shifted.
SHIFTED = {
    "order_id": ("orders", "order_id"),
    "replaces_order_id": ("orders", "order_id"),
    "replaced_by_order_id": ("orders", "order_id"),
    "customer_id": ("orders", "customer_id"),
    "cart_id": ("orders", "cart_id"),
    "order_item_id": ("order_items", "order_item_id"),
    "parent_item_id": ("order_items", "order_item_id"),
    "cart_item_id": ("order_items", "cart_item_id"),
    "order_address_id": ("order_addresses", "order_address_id"),
    "order_comment_id": ("order_comments", "order_comment_id"),
}
STEP_SECONDS = 437
"""Copies of an order are this far apart in time: as many orders a day as such a shop has."""


@dataclass(frozen=True, slots=True)
class Block:
    """Typed frames of some orders, to be copied."""

    frames: Frames
    strides: dict[str, int]

    @classmethod
    def from_demo_store(cls, orders: int = BLOCK_ORDERS) -> Block:
        """Take this many orders, two lines each on average."""
        records = _with_two_lines(DemoShop.of_size(orders=3 * orders).orders(3 * orders), orders)
        frames = flatten(records, ORDERS, CHANNEL.kind, MAPPING).frames
        strides = {
            name: 1 + pc.max(frames[table][column]).as_py() for name, (table, column) in SHIFTED.items()
        }
        return cls(frames, strides)

    @property
    def orders(self) -> int:
        """How many it holds."""
        return int(self.frames["orders"].num_rows)

    def copy(self, number: int) -> Frames:
        """The frames of the copy with this number; 0 is the block itself."""
        return {table.name: self._copied(table, number) for table in ORDERS.tables}

    def _copied(self, table: Table, number: int) -> pa.Table:
        frame = self.frames[table.name]
        for name in frame.column_names:
            frame = _replaced(frame, name, self._shifted(name, frame[name], number))
        frame = _replaced(frame, table.key_column, _joined(frame, table.key))
        for reference in table.all_references():
            frame = _replaced(frame, reference.name, _joined(frame, reference.ids))
        return _replaced(frame, ROOT, _joined(frame, ("order_id",)))

    def _shifted(self, name: str, column: pa.ChunkedArray, number: int) -> pa.ChunkedArray:
        if name in self.strides:
            return pc.add(column, number * self.strides[name])
        if name.startswith("source_"):
            # Arrow adds time to an instant only as a duration.
            return pc.add(column, pa.scalar(number * STEP_SECONDS * 1_000_000, pa.duration("us")))
        if name == "customer_key":
            return _customer_keys(column, number, self.strides["customer_id"])
        if name in ("order_number", "original_order_number"):
            return pc.binary_join_element_wise(column, f"{number:03d}", "")
        if name.startswith("customer_email"):
            return pc.binary_join_element_wise(f"b{number}", column, ".")
        return column


def _customer_keys(column: pa.ChunkedArray, number: int, stride: int) -> pa.ChunkedArray:
    """Another person per copy, guest or not."""
    is_guest = pc.match_substring(column, ":guest:")
    registered = pc.replace_substring(column, f"{CHANNEL.code}:", "")
    ids = pc.if_else(is_guest, None, registered).cast(pa.int64())
    shifted = pc.binary_join_element_wise(CHANNEL.code, pc.add(ids, number * stride).cast(pa.string()), ":")
    guests = pc.binary_join_element_wise(pc.utf8_slice_codeunits(column, 0, -4), f"{number:04x}", "")
    return pc.if_else(is_guest, guests, shifted)


def _joined(frame: pa.Table, names: Sequence[str]) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(CHANNEL.code, *(frame[name].cast(pa.string()) for name in names), ":")


def _replaced(frame: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return frame.set_column(frame.column_names.index(name), name, column)


def _with_two_lines(records: Sequence[Record], wanted: int) -> list[Record]:
    """Orders in their mixture, so chosen that lines are two per order."""
    chosen: list[Record] = []
    lines = 0
    for record in records:
        items = record.get("items")
        count = len(items) if isinstance(items, list) else 0
        room = LINES_PER_ORDER * (len(chosen) + 1) - lines
        # The last one makes it exact.
        if 0 < count <= room and (len(chosen) + 1 < wanted or count == room):
            chosen.append(record)
            lines += count
        if len(chosen) == wanted:
            return chosen
    raise RuntimeError("The demo store has too few orders with one or two lines: ask for more of them.")


def stage_orders(
    block: Block, folder: FolderPath, *, copies: range, copies_per_part: int, is_later: bool = False
) -> Stage:
    """Write the staged parts of one window.

    Args:
        block: what is copied.
        folder: new; the window's own.
        copies: which copies of the block.
        copies_per_part: how many copies make one part.
        is_later: with every tenth order changed, children included.
    """
    folder.mkdir(parents=True, exist_ok=False)
    stage = KeptStage(folder=folder, path=folder.name)
    for first in range(copies.start, copies.stop, copies_per_part):
        numbers = range(first, min(first + copies_per_part, copies.stop))
        made = [later(block.copy(n)) if is_later else block.copy(n) for n in numbers]
        stage.write_part({name: pa.concat_tables([frames[name] for frames in made]) for name in made[0]})
    return stage


class KeptStage(Stage):
    """Parts that stay where they are, to be loaded again."""

    def drop_parts(self) -> None:
        """Keep them."""


def later(frames: Frames) -> Frames:
    """The same orders some time later: every tenth was invoiced, paid, shipped and commented."""
    changed = {name: _changed(name, frame) for name, frame in frames.items()}
    return changed | {"order_comments": _with_new_comments(frames["order_comments"])}


# What a changed row takes over from another of its columns, or a text.
_LATER = {
    "orders": {
        "status": "complete_later",
        "base_total_paid_amount": "base_grand_total_amount",
        "total_paid_amount": "grand_total_amount",
        "total_invoiced_amount": "grand_total_amount",
    },
    "order_items": {
        "invoiced_qty": "ordered_qty",
        "shipped_qty": "ordered_qty",
        "row_invoiced_amount": "base_row_total_amount",
        "product_name": "sku",
    },
    "order_payments": {"paid_amount": "ordered_amount", "last_transaction_number": "payment_method"},
}
_DAY = pa.scalar(86_400_000_000, pa.duration("us"))


def _changed(name: str, frame: pa.Table) -> pa.Table:
    is_changed = _is_changed(frame)
    new = {
        column: frame[source] if source in frame.column_names else pa.scalar(source)
        for column, source in _LATER.get(name, {}).items()
    }
    if name in ("orders", "order_items"):
        new["source_updated_at"] = pc.add(frame["source_updated_at"], _DAY)
    for column, values in new.items():
        frame = _replaced(frame, column, pc.if_else(is_changed, values, frame[column]))
    return frame


def _is_changed(frame: pa.Table) -> pa.ChunkedArray:
    ids = frame["order_id"]
    return pc.equal(pc.subtract(ids, pc.multiply(pc.divide(ids, 10), 10)), 3)


def _with_new_comments(comments: pa.Table) -> pa.Table:
    """One more entry in the history of every changed order."""
    first = pc.equal(comments["comment_number"], 1)
    added = comments.filter(pc.and_(first, _is_changed(comments)))
    added = _replaced(added, "comment_number", pc.add(added["comment_number"], 1000))
    added = _replaced(added, "order_comment_key", _joined(added, ("order_id", "comment_number")))
    return pa.concat_tables([comments, added])
