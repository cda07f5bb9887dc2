from __future__ import annotations

import pytest

from include.segments.export_run import layouts_of
from include.segments.loading import load_segments
from include.segments.profiles.registry import PROFILES


@pytest.mark.contract
def test_every_segment_can_be_made_in_every_profile_once_it_lists_an_address() -> None:
    for segment in load_segments().segments.values():
        contract = segment.contract
        listed = tuple(dict.fromkeys(("email", *contract.personal_columns)))
        every = {"profiles": tuple(PROFILES), "personal_columns": listed}
        assert len(layouts_of(segment._replace(contract=contract.model_copy(update=every)))) == len(PROFILES)
        assert layouts_of(segment)
