"""The category tree, read whole every time: it is small, and a move changes rows far from the one that was moved."""

from __future__ import annotations

from collections.abc import Iterator

from include.entities.fields import flag, integer, text
from include.entities.model import Context, Entity, Expectation, Reference, Row, Severity, Table, Touch
from include.magento.door import Record, children
from include.magento.rest.reading import RestSnapshot
from include.magento.soap.reading import RecordCall, SnapshotReading

ROOT = "1"
"""The category above the root categories of all stores; every Magento has it under this id, and nobody sees it."""
NOTHING_ABOVE = "0"


def _categories(record: Record, context: Context) -> Iterator[Row]:
    tree = record.get("tree")
    if isinstance(tree, dict):
        yield from _below(tree, (), ())


def _below(category: Record, above: tuple[str, ...], names: tuple[str, ...]) -> Iterator[Row]:
    """A category and everything under it, each with the way to it."""
    path = (*above, str(category.get("category_id")))
    full_name = names if path == (ROOT,) else (*names, str(category.get("name") or path[-1]))
    yield {
        **category,
        "parent_id": above[-1] if above else None,
        "path": "/".join(path),
        "full_name": " / ".join(full_name) or None,
    }
    for child in children(category, "children"):
        yield from _below(child, path, full_name)


def _categories_of_rest(record: Record, context: Context) -> Iterator[Row]:
    """Magento 2 lists them one below the other, each with the ids of its way."""
    listed = children(record, "categories")
    names = {category.get("id"): str(category.get("name") or category.get("id")) for category in listed}
    for category in listed:
        way = str(category.get("path") or category.get("id")).split("/")
        full_name = " / ".join(names.get(number, number) for number in way if number != ROOT)
        parent = category.get("parent_id")
        yield {
            **category,
            "parent_id": None if parent == NOTHING_ABOVE else parent,
            "full_name": full_name or None,
        }


CATEGORIES = Table(
    name="categories",
    singular="category",
    grain="One row per category of the catalogue, with the root categories and the one above them.",
    key=("category_id",),
    references=(
        Reference(
            name="parent_category_key",
            table="categories",
            ids=("parent_category_id",),
            comment="The category above. NULL: this is the topmost.",
        ),
    ),
    fields=(
        integer(
            "category_id", "Magento's id of the category.", "category_id", magento2="id", is_required=True
        ),
        integer(
            "parent_category_id",
            "Magento's id of the category above. NULL: this is the topmost.",
            "parent_id",
        ),
        text("category_name", "Name in the default store view.", "name"),
        text(
            "full_name",
            'Names from the root category down, joined by " / ". NULL: this is the topmost.',
            "full_name",
        ),
        text("path", 'Ids from the topmost category down to this one, joined by "/".', "path"),
        integer("level", "Steps below the topmost category; 1: the root category of a store.", "level"),
        integer("position", "Place among the categories of the same parent.", "position"),
        flag(
            "is_active",
            "Whether shoppers see it. NULL: the topmost, of which the store does not say.",
            "is_active",
        ),
    ),
    rows={"magento1": _categories, "magento2": _categories_of_rest},
    touches=(Touch(subject="category", column="category_key"),),
    ignored=frozenset(
        """children created_at updated_at include_in_menu available_sort_by extension_attributes
        custom_attributes""".split()
    ),
)

CATEGORIES_ENTITY = Entity(
    name="categories",
    title="The category tree",
    tables=(CATEGORIES,),
    reading={
        "magento1": SnapshotReading(
            records={"tree": RecordCall(method="catalogCategoryTree", arguments={"parentId": ROOT})},
            required=frozenset({"tree"}),
        ),
        "magento2": RestSnapshot(
            lists={"categories": "categories/list"},
            order_by={"categories": ("id", "entity_id")},
            required=frozenset({"categories"}),
            resource="Magento_Catalog::categories",
        ),
    },
    is_snapshot=True,
    expectations=(
        Expectation(
            rule="category_name_is_present",
            table="categories",
            severity=Severity.WARN,
            type="ExpectColumnValuesToNotBeNull",
            arguments={"column": "category_name"},
            meaning="A category has a name.",
        ),
    ),
)
