"""Forms ask for what SQL takes: every field and nothing else."""

from __future__ import annotations

import pytest

from tests.sync.shop import Shop, shop

__all__ = ["shop"]
pytestmark = pytest.mark.usefixtures("airflow_here")


def test_forms_have_every_field_that_can_be_asked_for_and_no_other(shop: Shop) -> None:
    from include.orchestration.write_back_forms import FORMS

    for form in FORMS.values():
        fields = shop.rows(
            "select field_name, bool_or(may_be_empty) from crm.changeable_fields where kind = any(:kinds) group by 1",
            kinds=list(form.kinds.values()),
        )
        assert {name for name, _ in fields} == set(form.fields)
        assert {name for name, is_emptied in fields if is_emptied} - set(form.emptied) <= {"region_id"}
    unoffered = {"newsletter_create"}  # a new entry of the newsletter is made by subscribing
    offered = {kind for form in FORMS.values() for kind in form.kinds.values()}
    assert set(shop.rows("select kind from crm.change_kinds")) == offered | unoffered


def test_what_is_left_alone_is_not_asked_for_and_what_is_to_be_emptied_is() -> None:
    from include.orchestration.write_back_forms import FORMS

    params = {"email": None, "first_name": "", "last_name": "King", "empty": ["tax_number"]}
    assert FORMS["customer"].wanted(params) == {"last_name": "King", "tax_number": None}
    assert FORMS["customer"].wanted({"customer_group_id": 0}) == {"customer_group_id": 0}
    assert FORMS["address"].wanted({"is_default_billing": False, "is_default_shipping": True}) == {
        "is_default_shipping": True
    }
