"""The merge, by table: every combination of what was seen, wanted and found, and no edit lost that has no rival."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.errors import ConfigError
from include.write_back.merge import Why, merge

VALUES = ("a", "b", "c", None)
PRIORITIES = ("remote", "local", "ask")


def expected(base, local, remote, priority):
    """The rule in other words: (value taken, whether somebody has to say)."""
    if local in (base, remote):
        return remote, False
    if remote == base:
        return local, False
    return (local if priority == "local" else remote), priority == "ask"


@pytest.mark.parametrize("priority", PRIORITIES)
@pytest.mark.parametrize(("base", "local", "remote"), product(VALUES, repeat=3))
@pytest.mark.parametrize("unrelated", [{}, {"other": ("x", "y", "x")}, {"other": ("x", "x", "y")}], ids=str)
def test_every_combination_is_decided_by_its_own_three_values(priority, base, local, remote, unrelated):
    sides = {"name": (base, local, remote), **unrelated}
    found = merge(*({field: side[n] for field, side in sides.items()} for n in range(3)), priority)
    decision = next(d for d in found.decisions if d.field == "name")
    assert (decision.taken, decision.is_open) == expected(base, local, remote, priority)
    assert (decision.base, decision.local, decision.remote) == (base, local, remote)
    assert len(found.decisions) == len(sides)


def test_conflict_leaves_the_unrelated_edit_and_gives_the_store_its_field():
    """What OroCRM got wrong, with the same fields: its unrelated edit was lost and the CRM's first name written."""
    base = {"prefix": None, "firstname": "Ann", "lastname": "Old", "taxvat": None}
    local = {**base, "firstname": "Anna", "lastname": "New"}
    remote = {**base, "firstname": "Anne"}
    found = merge(base, local, remote, "remote")
    assert found.to_write == {"lastname": "New"}
    assert {d.field: d.taken for d in found.decisions}["firstname"] == "Anne"


def test_each_reason_is_told():
    base = dict.fromkeys("abcdef", "0")
    local = {"a": "0", "b": "0", "c": "1", "d": "1", "e": "1"}
    remote = {**base, "b": "2", "d": "1", "e": "2"}
    reasons = {d.field: d.why for d in merge(base, local, remote, "local").decisions}
    assert reasons == {
        "a": Why.NOTHING_CHANGED,
        "b": Why.ONLY_THE_STORE_CHANGED,
        "c": Why.ONLY_THE_CRM_CHANGED,
        "d": Why.BOTH_AGREE,
        "e": Why.THE_CRM_WINS,
    }


def test_while_somebody_has_to_say_nothing_is_written_and_nothing_is_lost():
    base, local = {"a": "0", "b": "0"}, {"a": "1", "b": "1"}
    waiting = merge(base, local, {"a": "2", "b": "0"}, "ask")
    assert waiting.is_open
    assert waiting.to_write == {}
    assert merge(base, local, {"a": "2", "b": "0"}, "local").to_write == local


def test_empty_blank_and_absent_are_the_same():
    assert merge({"a": None}, {"a": ""}, {"a": " \n"}, "local").to_write == {}
    assert merge({"a": "x"}, {"a": ""}, {"a": "x"}, "remote").to_write == {"a": None}
    assert merge({"a": None}, {"a": "x"}, {}, "remote").to_write == {"a": "x"}


def test_field_whose_old_value_nobody_saw_is_refused():
    with pytest.raises(ConfigError, match="saw of lastname"):
        merge({"firstname": "A"}, {"firstname": "B", "lastname": "C"}, {}, "local")


side = st.fixed_dictionaries({name: st.sampled_from(VALUES) for name in ("a", "b", "c", "d")})


@given(base=side, local=side, remote=side, priority=st.sampled_from(PRIORITIES))
def test_no_edit_without_a_rival_is_ever_lost(base, local, remote, priority):
    found = merge(base, local, remote, priority)
    taken = {d.field: d.taken for d in found.decisions}
    for name in base:
        if remote[name] == base[name]:
            assert taken[name] == local[name]
        if local[name] == base[name]:
            assert taken[name] == remote[name]
    if not found.is_open:
        assert {**remote, **found.to_write} == taken
