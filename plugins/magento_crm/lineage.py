"""A store's records as a dataset of OpenLineage: what its provider asks for when it meets magento://host/entity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from airflow.providers.common.compat.openlineage.facet import Dataset


def to_dataset(asset: Any, lineage_context: object) -> Dataset:
    """The dataset `orders` in the namespace magento://shop.example."""
    from airflow.providers.common.compat.openlineage.facet import Dataset

    parts = urlsplit(asset.uri)
    return Dataset(namespace=f"magento://{parts.netloc}", name=parts.path.strip("/"))
