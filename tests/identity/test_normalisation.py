from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.identity.normalisation import normalise_email, normalise_name
from tests.sync.records import order
from tests.sync.shop import Shop

MAILS = [
    "Ada@Example.com",
    " ada@example.com\r\n",
    "\tADA@EXAMPLE.COM ",
    "Jörg@MÜLLER.de",
    "Jo\u0308rg@mu\u0308ller.de",
    "ÉVA@x.hu",
]


@pytest.mark.parametrize(
    "written", ["ada@example.com", "Ada@Example.COM", " ada@example.com ", "\nada@example.com\t"]
)
def test_case_and_white_space_make_no_other_address(written: str) -> None:
    assert normalise_email(written) == "ada@example.com"


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert normalise_email("jo\u0308rg@example.com") == normalise_email("j\u00f6rg@example.com")
    assert normalise_name("Jo\u0308rg") == normalise_name("J\u00f6rg")


@pytest.mark.parametrize("other", ["a.da@example.com", "ada+shop@example.com"])
def test_addresses_that_a_shop_keeps_apart_stay_apart(other: str) -> None:
    assert normalise_email(other) != normalise_email("ada@example.com")


@pytest.mark.parametrize("blank", ["", " ", "\n\t"])
def test_nothing_is_no_address_and_no_name(blank: str) -> None:
    assert normalise_email(blank) is None
    assert normalise_name(blank, None, blank) is None


def test_name_parts_are_joined_by_single_blanks_and_folded() -> None:
    assert normalise_name("  Ada  King", None, "LOVELACE ") == "ada king lovelace"
    assert normalise_name("Strauß") == normalise_name("STRAUSS")


@given(st.text())
def test_normal_form_of_a_normal_form_is_itself(written: str) -> None:
    mail, name = normalise_email(written), normalise_name(written)
    assert mail is None or normalise_email(mail) == mail
    assert name is None or normalise_name(name) == name


@pytest.mark.parametrize("odd", ["\u01f0", "\u00df\u0301", "\u0130", "\u1e9e", "\u03a3\u0301"])
def test_folding_that_takes_letters_apart_keeps_the_normal_form(odd: str) -> None:
    name = normalise_name(odd)
    assert name is not None
    assert normalise_name(name) == name == unicodedata.normalize("NFC", name)


@given(st.text())
def test_normal_forms_are_composed(written: str) -> None:
    for form in (normalise_email(written), normalise_name(written)):
        assert form is None or unicodedata.is_normalized("NFC", form)


@pytest.mark.parametrize("written", MAILS)
def test_guest_s_address_in_the_warehouse_has_the_same_normal_form(shop: Shop, written: str) -> None:
    shop.load("orders", order(1, customer_email=written))
    assert shop.rows("select email_normalised from crm.customers") == [normalise_email(written)]
