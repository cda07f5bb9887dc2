"""The table of faults, against every fault that was recorded."""

from __future__ import annotations

import pytest

from include.errors import ConfigError, DataError, TransientError
from include.magento.faults import (
    CALL_FAILURES,
    FAULTS,
    CallFailed,
    RecordGone,
    SessionExpired,
    error_for,
    fault_code,
)
from include.magento.soap.envelope import SoapFault, read_answer

SQL = "SQLSTATE[42S22]: Column not found: 1054 Unknown column 'nosuch' in 'WHERE', query was: SELECT ..."


@pytest.mark.parametrize(
    ("method", "envelope", "error"),
    [
        ("login", "fault-login-wrongkey", ConfigError),
        ("login", "fault-login-nouser", ConfigError),
        ("login", "fault-login-inactive", ConfigError),
        ("login", "fault-login-empty", ConfigError),
        ("salesOrderList", "fault-access-denied-orders", ConfigError),
        ("magentoInfo", "fault-access-denied-none", ConfigError),
        ("salesOrderList", "fault-session-bogus", SessionExpired),
        ("salesOrderList", "fault-session-empty", SessionExpired),
        ("magentoInfo", "fault-after-endSession", SessionExpired),
        ("customerCustomerList", "customerCustomerList-bad-field", ConfigError),
        ("oroOrderList", "oroOrderList-badfield", CallFailed),
        ("salesOrderList", "salesOrderList-bad-field", CallFailed),
        ("salesOrderInfo", "salesOrderInfo-notexists", RecordGone),
        ("customerAddressList", "customerAddressList-notexists", RecordGone),
        ("customerCustomerInfo", "customerCustomerInfo-notexists", RecordGone),
        ("shoppingCartProductList", "cart-4-productList", CallFailed),
    ],
)
def test_recorded_fault_becomes_its_error_without_the_stores_text(envelopes, method, envelope, error):
    with pytest.raises(SoapFault) as caught:
        read_answer((envelopes / "std" / f"{envelope}.response.xml").read_bytes())
    fault = caught.value
    found = error_for(method, fault_code(fault.code, fault.text), user="crm_sync")
    assert isinstance(found, error)
    assert fault.text not in f"{found.summary}{found.details}"
    assert "SELECT" not in str(found)
    assert "SQLSTATE" not in str(found)


@pytest.mark.parametrize("envelope", ["fault-login-wrongkey", "fault-session-bogus"])
def test_ws_i_faults_read_alike(envelopes, envelope):
    bodies = [(envelopes / mode / f"{envelope}.response.xml").read_bytes() for mode in ("std", "wsi")]
    codes = set()
    for body in bodies:
        with pytest.raises(SoapFault) as caught:
            read_answer(body)
        codes.add(caught.value.code)
    assert len(codes) == 1


def test_same_code_means_what_its_method_says():
    assert isinstance(error_for("salesOrderInfo", "100", user="u"), RecordGone)
    assert not isinstance(error_for("customerCustomerCreate", "100", user="u"), RecordGone)
    assert "login" in error_for("login", "2", user="u").summary
    assert "salesOrderList" in error_for("salesOrderList", "2", user="u").summary


@pytest.mark.parametrize(
    ("code", "text", "known_as"),
    [
        ("5", "Session expired. Try to relogin.", "5"),
        (" 5\n", "", "5"),
        ("WSDL", "SOAP-ERROR: Parsing Schema: can't import schema from 'http://x/'", "WSDL"),
        ("SOAP-ENV:Server", "SOAP-ERROR: Parsing WSDL: Couldn't load from 'http://x/'", "WSDL"),
        ("SOAP-ENV:Server", "Procedure 'oroPing' not present", "NoProcedure"),
        ("SOAP-ENV:Server", "SOAP-ERROR: Encoding: string 'x...' is not a valid utf-8 string", "Server"),
        ("SOAP-ENV:Client", "Bad Request", "Client"),
        ("Sender", "Invalid XML", "Sender"),
    ],
)
def test_engine_faults_are_told_apart(code, text, known_as):
    assert fault_code(code, text) == known_as
    assert ("*", known_as) in FAULTS


def test_unknown_fault_is_never_retried_and_may_be_one_records():
    assert isinstance(error_for("salesOrderInfo", "4711", user="u"), DataError)
    assert isinstance(error_for("salesOrderInfo", "4711", user="u"), CALL_FAILURES)


@pytest.mark.parametrize("meaning", FAULTS.values(), ids=[" ".join(key) for key in FAULTS])
def test_every_sentence_is_one_for_people(meaning):
    sentence = meaning.sentence.format(method="salesOrderList", user="crm_sync")
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert issubclass(meaning.error, ConfigError | TransientError | DataError)
