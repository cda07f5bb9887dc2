from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.magento.php_values import members

Php = str | int | bool | None | dict[str, "Php"]


def serialised(value: Php) -> str:
    """PHP's serialize(), written anew."""
    match value:
        case None:
            return "N;"
        case bool():
            return f"b:{int(value)};"
        case int():
            return f"i:{value};"
        case str():
            return f's:{len(value.encode())}:"{value}";'
        case dict():
            members = "".join(serialised(name) + serialised(member) for name, member in value.items())
            return f"a:{len(value)}:{{{members}}}"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_members_of_the_outermost_array_are_read_whatever_they_hold(options: dict[str, Php]) -> None:
    assert dict(members(serialised(options))) == {name: serialised(value) for name, value in options.items()}


@given(st.text())
def test_no_text_makes_it_raise(anything: str) -> None:
    list(members(anything))
    list(members("a:2:{" + anything))


def test_lengths_count_bytes_not_characters() -> None:
    assert dict(members('a:1:{s:4:"name";s:6:"größ";}'))["name"] == 's:6:"größ";'


def test_numbered_members_are_named_by_their_number() -> None:
    assert dict(members("a:1:{i:5;d:0.5;}")) == {"5": "d:0.5;"}


def test_nested_arrays_are_one_value() -> None:
    inner = 'a:2:{s:1:"a";a:1:{i:0;s:2:"}}";}s:1:"b";N;}'
    assert dict(members(f'a:2:{{s:3:"one";{inner}s:3:"two";b:1;}}')) == {"one": inner, "two": "b:1;"}


@pytest.mark.parametrize("sent", ["two&#11;lines", "two lines without a tab", "tw"])
def test_text_damaged_on_the_way_ends_at_its_mark(sent: str) -> None:
    options = f'a:2:{{s:4:"note";s:9:"{sent}";s:3:"qty";i:1;}}'
    assert dict(members(options)) == {"note": f's:9:"{sent}";', "qty": "i:1;"}


def test_damaged_text_may_begin_with_a_semicolon_or_be_empty() -> None:
    assert dict(members('a:2:{s:1:"a";s:9:";b";s:1:"c";s:2:"";}')) == {"a": 's:9:";b";', "c": 's:2:"";'}


@pytest.mark.parametrize(
    "odd", ["", "\n", "i:5;", "N;", 'O:8:"stdClass":0:{}', "{}", 'a:1:{s:1:"a";O:1:"b":0:{}}', "a:9:{}"]
)
def test_anything_but_a_readable_array_has_no_members(odd: str) -> None:
    assert dict(members(odd)) == {}
