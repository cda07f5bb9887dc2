from __future__ import annotations

import pytest

from include.segments.export_run import layouts_of
from include.segments.loading import load_segments
from include.segments.profiles import recipient as profiled
from include.segments.profiles.registry import PROFILES
from include.segments.recipients import RECIPIENT_COLUMNS
from tests.segments.exporting import make_segment


def test_profiles_know_every_column_of_the_recipients() -> None:
    assert ("channel_code", "member_key", *RECIPIENT_COLUMNS) == profiled.RECIPIENT_COLUMNS


def test_every_column_of_the_recipients_can_be_listed_for_a_spreadsheet() -> None:
    every = {"personal_columns": tuple(RECIPIENT_COLUMNS), "profiles": ("generic_csv",)}
    segment = make_segment()

    [layout] = layouts_of(segment._replace(contract=segment.contract.model_copy(update=every)))

    assert set(RECIPIENT_COLUMNS) <= set(layout.headers)


@pytest.mark.contract
def test_cart_segments_bring_what_lies_in_the_cart_to_every_mail_tool() -> None:
    content = {
        "items_text",
        "grand_total_amount",
        "base_currency_code",
        "first_item_url",
        "cart_campaign_code",
    }
    tools = {"klaviyo", "mailchimp", "dotdigital", "hubspot"}
    carts = [one for one in load_segments().segments.values() if one.contract.member == "cart"]
    assert len(carts) == 3
    for segment in carts:
        held = {
            layout.profile.name: {column.own for column in layout.columns} for layout in layouts_of(segment)
        }
        assert tools <= held.keys()
        assert all(content <= held[tool] for tool in tools)
        assert {tool for tool in held if "items_json" in held[tool]} == {"generic_csv", "klaviyo"}


@pytest.mark.contract
def test_every_segment_can_be_made_in_every_profile_once_it_lists_an_address() -> None:
    for segment in load_segments().segments.values():
        contract = segment.contract
        listed = tuple(dict.fromkeys(("email", *contract.personal_columns)))
        every = {"profiles": tuple(PROFILES), "personal_columns": listed}
        assert len(layouts_of(segment._replace(contract=contract.model_copy(update=every)))) == len(PROFILES)
        assert layouts_of(segment)
