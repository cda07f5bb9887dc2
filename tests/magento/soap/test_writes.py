"""Changes: written as recorded from a real store in both dialects, sent once, and never taken for done or not done."""

from __future__ import annotations

import re
from contextlib import contextmanager
from decimal import Decimal

import pytest
from lxml import etree

from include.errors import TransientError
from include.magento.address import StoreAddress
from include.magento.cart_changes import (
    AddItems,
    ApplyCoupon,
    CartAddress,
    CartItem,
    CartRef,
    ChangeItems,
    CreateCart,
    GiveToCustomer,
    GiveToGuest,
    PlaceOrder,
    RemoveCoupon,
    RemoveItems,
    SetAddresses,
    SetPaymentMethod,
    SetShippingMethod,
)
from include.magento.faults import CallRefused, OutcomeUnknown, RecordGone, WriteRefused
from include.magento.soap.contract import Contract
from include.magento.soap.envelope import read_answer
from include.magento.soap.http import Http
from include.magento.soap.writer import named
from include.magento.soap.writes import WRITES, spelling_of
from include.magento.writing import (
    CancelOrder,
    CommentOrder,
    CreateAddress,
    CreateCustomer,
    CreateSubscription,
    DeleteAddress,
    HoldOrder,
    SetSubscription,
    UnholdOrder,
    UpdateAddress,
    UpdateCustomer,
)
from tests.magento.soap.scripted_store import Raw, fault

CART = CartRef(cart_id=571, store_id=1)
HERE = CartAddress(
    fields={
        "firstname": "Änna",
        "lastname": "O'Brien & Söhne",
        "street": "Hauptstr. 1",
        "city": "Köln",
        "postcode": "50667",
        "country_id": "DE",
        "telephone": "0221-1",
    }
)
RECORDED = {
    "customerCustomerCreate": CreateCustomer(
        fields={
            "email": "api.std.created@example.com",
            "firstname": "Äpi",
            "lastname": "Crea'ted & <b>",
            "website_id": "1",
            "store_id": "1",
            "group_id": "1",
        },
        password="Passw0rd12345",
    ),
    "customerCustomerUpdate": UpdateCustomer(
        customer_id=301, fields={"firstname": "Updated 日本 😀", "group_id": "2"}
    ),
    "customerAddressCreate": CreateAddress(
        customer_id=301,
        fields={
            "city": "Bern",
            "country_id": "CH",
            "firstname": "A",
            "lastname": "B",
            "postcode": "3000",
            "street": "Line 1\nLine 2",
            "telephone": "031",
            "is_default_billing": "1",
            "is_default_shipping": "1",
        },
    ),
    "customerAddressUpdate": UpdateAddress(customer_id=1, address_id=429, fields={"city": "Genève"}),
    "customerAddressDelete": DeleteAddress(customer_id=1, address_id=429),
    "newsletterSubscriberUpdate": SetSubscription(subscriber_id=160, status="3"),
    "salesOrderAddComment": CommentOrder(
        order_id=1,
        order_number="300000001",
        status="pending",
        text='Kommentar via API <b>ü</b> & "q" 日本 😀',
    ),
    "salesOrderHold": HoldOrder(order_id=1, order_number="100000001"),
    "salesOrderUnhold": UnholdOrder(order_id=1, order_number="100000001"),
    "salesOrderCancel-complete": CancelOrder(order_id=1, order_number="400000005"),
    "cart-1-shoppingCartCreate": CreateCart(store_id=1),
    "cart-3-productAdd": AddItems(
        cart=CART,
        items=(CartItem(product_id=1, qty=Decimal(2)), CartItem(sku="SKU-003", qty=Decimal("1.0000"))),
    ),
    "cart-5-customerSet": GiveToCustomer(cart=CART, customer_id=1),
    "cart-6-customerAddresses": SetAddresses(cart=CART, billing=HERE, shipping=HERE),
    "cart-8-shippingMethod": SetShippingMethod(cart=CART, code="flatrate_flatrate"),
    "cart-10-paymentMethod": SetPaymentMethod(cart=CART, code="checkmo"),
    "cart-11-couponAdd": ApplyCoupon(cart=CART, code="TENPCT"),
    "cart-14-order": PlaceOrder(cart=CART),
}


@pytest.fixture(scope="module")
def contracts(shared_dir):
    """The contracts of the recorded store in both dialects, read without network."""
    address = StoreAddress(wsdl_url="http://127.0.0.1:9/index.php/api/v2_soap/?wsdl=1", user="u", api_key="k")
    http = Http(address)
    yield {
        mode: Contract(
            (shared_dir / "magento1" / "wsdl" / f"v2-{name}-bridge.urnMagento.wsdl").read_bytes(),
            fetched_from=address.wsdl_url,
            http=http,
        )
        for mode, name in (("std", "standard"), ("wsi", "wsi"))
    }
    http.close()


def canonical(document):
    """The document without what says nothing: the order of fields stays, blanks between elements go."""
    return etree.tostring(etree.fromstring(document), method="c14n")


@pytest.mark.parametrize("mode", ["std", "wsi"])
@pytest.mark.parametrize("name", RECORDED)
def test_change_is_written_as_the_recorded_one(contracts, envelopes, mode, name):
    path = envelopes / mode / f"{name}.request.xml"
    if not path.is_file():
        pytest.skip("not recorded in this dialect")
    change = RECORDED[name]
    session = re.search(rb"<sessionId>(.*?)</sessionId>", path.read_bytes())[1].decode()
    spelling = spelling_of(change)
    body, _ = contracts[mode].request(spelling.method, {"sessionId": session, **spelling.arguments(change)})
    assert canonical(body) == canonical(path.read_bytes())


@pytest.mark.parametrize("mode", ["std", "wsi"])
@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("customerCustomerCreate", "301"),
        ("customerCustomerUpdate", None),
        ("customerAddressCreate", "429"),
        ("customerAddressUpdate", None),
        ("customerAddressDelete", None),
        ("newsletterSubscriberUpdate", None),
        ("salesOrderAddComment", None),
        ("salesOrderHold", None),
        ("cart-1-shoppingCartCreate", "571"),
        ("cart-3-productAdd", None),
        ("cart-14-order", "100000179"),
    ],
)
def test_recorded_answer_names_what_is_new(envelopes, mode, name, new):
    path = envelopes / mode / f"{name}.response.xml"
    if not path.is_file():
        pytest.skip("not recorded in this dialect")
    assert named(spelling_of(RECORDED[name]), read_answer(path.read_bytes())) == new


NOT_RECORDED = (
    ChangeItems(cart=CART, items=(CartItem(sku="S", qty=Decimal(3)),)),
    RemoveItems(cart=CART, items=(CartItem(product_id=1),)),
    GiveToGuest(cart=CART, email="a@b.example", first_name="A", last_name="B", website_id=1),
    SetAddresses(cart=CART, billing=CartAddress(address_id=7), shipping=CartAddress(address_id=8)),
    SetPaymentMethod(cart=CART, code="purchaseorder", purchase_order_number="PO-1"),
    RemoveCoupon(cart=CART),
    CreateSubscription(email="a@b.example", store_id=1, status="1", customer_id=3),
)


@pytest.mark.parametrize("mode", ["std", "wsi"])
@pytest.mark.parametrize("change", NOT_RECORDED, ids=lambda change: type(change).__name__)
def test_other_change_fits_the_stores_own_description(contracts, mode, change):
    spelling = spelling_of(change)
    body, _ = contracts[mode].request(spelling.method, {"sessionId": "s", **spelling.arguments(change)})
    sent = " ".join(etree.fromstring(body).itertext())
    given = [value for part in spelling.arguments(change).values() for value in texts_in(part)]
    assert all(value in sent for value in given)


def test_every_kind_of_change_is_written_by_some_test():
    assert {type(change) for change in (*RECORDED.values(), *NOT_RECORDED)} == set(WRITES)


def texts_in(value):
    """Every text and number in nested arguments, as text."""
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return [text for part in parts for text in texts_in(part)]
    return [str(value)]


CHOSEN = AddItems(
    cart=CART,
    items=(
        CartItem(
            product_id=9,
            qty=Decimal("1.5"),
            options={"4": "red"},
            bundle_options={"7": "12"},
            bundle_qtys={"7": "2"},
            links=("3", "5"),
        ),
    ),
)


@pytest.mark.parametrize("mode", ["std", "wsi"])
def test_choices_of_a_product_are_written_in_both_dialects(contracts, mode):
    spelling = spelling_of(CHOSEN)
    body, _ = contracts[mode].request(spelling.method, {"sessionId": "s", **spelling.arguments(CHOSEN)})
    document = etree.fromstring(body)
    pairs = {
        name: [(p.findtext("key"), p.findtext("value")) for p in document.find(f".//{name}")]
        for name in ("options", "bundle_option", "bundle_option_qty")
    }
    assert pairs == {
        "options": [("4", "red")],
        "bundle_option": [("7", "12")],
        "bundle_option_qty": [("7", "2")],
    }
    assert [link.text for link in document.find(".//links")] == ["3", "5"]
    assert document.findtext(".//qty") == "1.5"


@pytest.mark.parametrize("mode", ["std", "wsi"])
def test_agreements_are_written_under_each_dialects_name(contracts, mode):
    change = PlaceOrder(cart=CART, agreements=("2", "8"))
    spelling = spelling_of(change)
    body, _ = contracts[mode].request(spelling.method, {"sessionId": "s", **spelling.arguments(change)})
    (asked,) = etree.fromstring(body).iter("licenses", "agreements")
    assert [one.text for one in asked] == ["2", "8"]


def test_emptied_field_is_sent_empty_and_a_number_that_cannot_be_is_refused(contracts):
    emptied = spelling_of(UpdateCustomer(customer_id=1, fields={"middlename": None, "prefix": ""}))
    arguments = emptied.arguments(UpdateCustomer(customer_id=1, fields={"middlename": None, "prefix": ""}))
    assert arguments["customerData"] == {"middlename": "", "prefix": ""}
    with pytest.raises(WriteRefused, match="gender"):
        emptied.arguments(UpdateCustomer(customer_id=1, fields={"gender": None}))
    region = UpdateAddress(customer_id=1, address_id=1, fields={"region_id": None})
    assert spelling_of(region).arguments(region)["addressData"] == {"region_id": 0}


def test_comment_that_the_api_cannot_show_is_refused_before_it_is_sent():
    change = CommentOrder(order_id=1, order_number="1", status="pending", text="t", is_visible=True)
    with pytest.raises(WriteRefused, match="cannot show"):
        spelling_of(change).arguments(change)


def test_new_customer_gets_a_password_nobody_knows_and_it_is_never_shown():
    change = CreateCustomer(fields={"email": "a@example.com"}, password="Passw0rd12345")
    assert "Passw0rd" not in repr(change)
    change = CreateCustomer(fields={"email": "a@example.com"})
    made = {spelling_of(change).arguments(change)["customerData"]["password"] for _ in range(3)}
    assert len(made) == 3
    assert min(map(len, made)) >= 24


@pytest.fixture
def writer(store, enter):
    """The writing side of a door to a scripted store with a bridge."""
    store.parameters |= {
        "customerCustomerUpdate": ("sessionId", "customerId", "customerData"),
        "salesOrderHold": ("sessionId", "orderIncrementId"),
        "shoppingCartCreate": ("sessionId", "storeId"),
        "shoppingCartOrder": ("sessionId", "quoteId", "storeId"),
    }
    return enter(store.address(timeout_seconds=0.5)).writer


HOLD = HoldOrder(order_id=1, order_number="100000001")
DONE = "<result>true</result>"


@pytest.mark.parametrize(
    "trouble",
    [
        Raw(None),
        Raw(b"", 500),
        Raw(b"<html>gateway</html>", 504),
        Raw(b"<html>hello</html>"),
        Raw(b'<?xml version="1.0"?><SOAP-ENV:Envelope'),
        fault("1", "SQLSTATE[40001]: Deadlock found, query was: INSERT secret"),
        fault("SOAP-ENV:Server", "SOAP-ERROR: Encoding: object has no 'price' property", 500),
        "<result>maybe</result>",
    ],
    ids=["hang-up", "500", "504", "html", "cut off", "fault 1", "engine", "odd answer"],
)
def test_change_whose_answer_is_lost_is_unknown_and_sent_once(store, writer, pauses, trouble):
    store.on("salesOrderHold", trouble)
    with pytest.raises(OutcomeUnknown, match="not known") as caught:
        writer.write(HOLD)
    assert "secret" not in str(caught.value)
    assert len(store.named("salesOrderHold")) == 1
    assert pauses == []


@pytest.mark.parametrize(
    "trouble",
    [
        fault("WSDL", "SOAP-ERROR: Parsing WSDL: Couldn't load from 'http://shop/'", 500),
        Raw(b"", 429),
    ],
    ids=["wsdl", "too many"],
)
def test_change_that_surely_was_not_made_is_transient_and_not_unknown(store, writer, trouble):
    store.on("salesOrderHold", trouble)
    with pytest.raises(TransientError, match="not done") as caught:
        writer.write(HOLD)
    assert not isinstance(caught.value, OutcomeUnknown)
    assert len(store.named("salesOrderHold")) == 1


def test_change_is_kept_back_where_its_last_word_says_so_in_the_slot_before_it_leaves(store, enter):
    log = []

    @contextmanager
    def slot():
        log.append("slot")
        yield

    def leaving():
        log.append("last word")
        raise TransientError("Another worker has it.")

    store.parameters |= {"salesOrderHold": ("sessionId", "orderIncrementId")}
    store.on("salesOrderHold", DONE)
    with pytest.raises(TransientError, match="Another"):
        enter(store.address(), throttle=slot).writer.write(HOLD, leaving=leaving)
    assert log[-2:] == ["slot", "last word"]
    assert store.named("salesOrderHold") == []


def test_expired_session_is_renewed_once_since_nothing_was_done_with_it(store, writer):
    store.on("salesOrderHold", fault("5"), DONE)
    assert writer.write(HOLD) is None
    assert [call["sessionId"] for call in store.named("salesOrderHold")] == ["session-1", "session-2"]


def test_login_before_a_change_is_retried(store, writer):
    store.on("login", Raw(b"", 503), "<loginReturn>late</loginReturn>")
    store.on("salesOrderHold", DONE)
    writer.write(HOLD)
    assert [call["sessionId"] for call in store.named("salesOrderHold")] == ["late"]


@pytest.mark.parametrize(
    ("change", "recorded", "error"),
    [
        (HOLD, "salesOrderHold-again", WriteRefused),
        (CancelOrder(order_id=1, order_number="1"), "salesOrderCancel-complete", WriteRefused),
        (
            CommentOrder(order_id=1, order_number="1", status="s", text="t"),
            "salesOrderAddComment-notexists",
            RecordGone,
        ),
        (UpdateCustomer(customer_id=1, fields={}), "customerCustomerDelete-again", RecordGone),
        (CreateCustomer(fields={"email": "a"}), "customerCustomerCreate-duplicate", WriteRefused),
        (ApplyCoupon(cart=CART, code="NOSUCH"), "cart-11b-couponAdd-bad", WriteRefused),
        (PlaceOrder(cart=CART), "cart-info-notexists", RecordGone),
        (SetSubscription(subscriber_id=1, status="1"), "newsletterSubscriberUpdate-notexists", RecordGone),
        (
            CreateSubscription(email="a@b.example", store_id=1, status="1", customer_id=3),
            "newsletterSubscriberCreate-dup",
            WriteRefused,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_recorded_refusal_becomes_an_error_that_says_why(store, enter, envelopes, change, recorded, error):
    method = spelling_of(change).method
    arguments = spelling_of(change).arguments(change)
    store.parameters[method] = ("sessionId", *arguments)
    store.on(method, Raw((envelopes / "std" / f"{recorded}.response.xml").read_bytes()))
    session = enter(store.address()).writer._session
    with pytest.raises(error) as caught:
        session.write(method, dict.fromkeys(arguments, "x"))
    assert "fault this project does not know" not in str(caught.value)
    assert len(store.named(method)) == 1


def test_call_the_store_has_not_is_said_and_not_sent(writer):
    assert "bridge" in writer.accepts(SetSubscription)
    with pytest.raises(CallRefused, match="newsletterSubscriberUpdate"):
        writer.write(SetSubscription(subscriber_id=1, status="1"))


@pytest.mark.parametrize("answer", [fault("Client"), fault("Sender"), fault("6"), Raw(b"<html>", 403)])
def test_request_that_is_not_let_through_is_a_matter_of_that_change_and_not_of_the_store(
    store, writer, answer
):
    store.on("salesOrderHold", answer)
    with pytest.raises(WriteRefused):
        writer.write(HOLD)


@pytest.mark.parametrize("code", ["1023", "1054", "1082"])
def test_cart_that_the_store_could_not_save_may_be_saved_later_and_is_looked_at_first(store, writer, code):
    store.on("salesOrderHold", fault(code))
    with pytest.raises(OutcomeUnknown):
        writer.write(HOLD)


def test_change_that_our_user_may_not_make_is_a_matter_of_its_kind(store, writer):
    store.on("salesOrderHold", fault("2"))
    with pytest.raises(CallRefused, match="role"):
        writer.write(HOLD)


def test_control_character_is_refused_before_it_is_sent(store, writer):
    with pytest.raises(WriteRefused, match="control character"):
        writer.write(UpdateCustomer(customer_id=1, fields={"firstname": "A\x0bB"}))
    assert store.named("customerCustomerUpdate") == []


def test_new_cart_and_order_are_named_by_the_answer(store, writer):
    store.on("shoppingCartCreate", "<quoteId>571</quoteId>")
    store.on("shoppingCartOrder", "<result>100000179</result>", "<result></result>")
    assert writer.write(CreateCart(store_id=1)) == "571"
    assert writer.write(PlaceOrder(cart=CART)) == "100000179"
    with pytest.raises(OutcomeUnknown):
        writer.write(PlaceOrder(cart=CART))


def test_what_a_store_tells_of_a_cart_is_read_as_recorded(store, enter, envelopes):
    for method, name in (
        ("shoppingCartShippingList", "cart-7-shippingList"),
        ("shoppingCartPaymentList", "cart-9-paymentList"),
        ("shoppingCartTotals", "cart-12-totals"),
    ):
        store.parameters[method] = ("sessionId", "quoteId", "storeId")
        store.on(method, Raw((envelopes / "std" / f"{name}.response.xml").read_bytes()))
    writer = enter(store.address()).writer
    (shipping,) = writer.shipping_methods(CART)
    assert (shipping.code, shipping.title, shipping.price) == (
        "flatrate_flatrate",
        "Flat Rate - Fixed",
        Decimal(15),
    )
    assert [method.code for method in writer.payment_methods(CART)] == [
        "checkmo",
        "purchaseorder",
        "banktransfer",
        "cashondelivery",
    ]
    totals = writer.totals(CART)
    assert [line.amount for line in totals] == [*map(Decimal, ("19.62", "15", "3.73", "38.35"))]
    assert totals[-1].title == "Grand Total"
