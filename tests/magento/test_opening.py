"""Which kind of store a connection leads to, where no channel says it."""

from __future__ import annotations

import pytest

from include.magento.opening import StoreConnection


@pytest.mark.parametrize(
    ("extra", "kind"),
    [
        ({}, "magento1"),
        ({"kind": "magento1", "consumer_key": " ", "ims_organisation": None}, "magento1"),
        ({"kind": "magento2"}, "magento2"),
        ({"kind": "magento1", "consumer_key": "ck"}, "magento2"),
        ({"ims_organisation": "org@AdobeOrg"}, "magento2"),
    ],
)
def test_keys_that_only_a_magento_2_has_tell_its_kind(extra: dict[str, object], kind: str) -> None:
    connection = StoreConnection(
        conn_id="m", host="h", port=None, schema=None, login=None, password="p", extra=extra
    )
    assert connection.kind == kind
