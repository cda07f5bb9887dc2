"""Answers as they really came: odd values, control characters, cut-off bodies, secrets."""

from __future__ import annotations

import json
import re

import pytest

from include.magento.door import children, texts
from include.magento.soap.envelope import NotSoap, SoapFault, read_answer
from tests.magento.soap.scripted_store import envelope


def answer(result: str):
    return read_answer(envelope(f"<ns1:xResponse>\n{result}\n</ns1:xResponse>"))


def listed(item: str):
    return answer(
        f'<r SOAP-ENC:arrayType="ns1:e[1]" xsi:type="ns1:eArray">\n<item xsi:type="ns1:e">{item}</item></r>'
    )


def value(field: str):
    return listed(field).rows[0]["x"]


@pytest.fixture
def recorded(envelopes):
    return lambda name, mode="std": read_answer((envelopes / mode / f"{name}.response.xml").read_bytes())


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ('<x xsi:type="xsd:string">\n</x>', None),
        ('<x xsi:type="xsd:string"></x>', None),
        ('<x xsi:type="xsd:string"> \t\n </x>', None),
        ('<x xsi:nil="true"/>', None),
        ('<x xsi:type="ns1:e" xsi:nil="true"/>', None),
        ("<x/>", None),
        ('<x xsi:type="xsd:string"> a </x>', " a "),
        ('<x xsi:type="xsd:string">a\nb</x>', "a\nb"),
        ('<x xsi:type="xsd:string">\n\na</x>', "\n\na"),
        ('<x xsi:type="xsd:string">a&#13;\nb</x>', "a\r\nb"),
        ('<x xsi:type="xsd:string"> &amp; </x>', " & "),
        ('<x xsi:type="xsd:string">Vertical&amp;#11;Tab</x>', "Vertical&#11;Tab"),
        ('<x xsi:type="xsd:string">&lt;b&gt;]]&gt;&lt;?xml</x>', "<b>]]><?xml"),
        ('<x xsi:type="xsd:string">0000-00-00 00:00:00</x>', "0000-00-00 00:00:00"),
        ('<x xsi:type="xsd:double">10.14</x>', "10.14"),
        ('<x SOAP-ENC:arrayType="ns1:e[0]" xsi:type="ns1:eArray"/>', []),
        ('<x SOAP-ENC:arrayType="ns1:e[0]" xsi:type="ns1:eArray">\n</x>', []),
        ('<x xsi:type="ns1:eArray"/>', []),
        ('<x xsi:type="ns1:e"/>', {}),
        ('<x xsi:type="ns1:e">\n</x>', {}),
        ('<x xsi:type="ns1:e"><y xsi:type="xsd:string">1</y></x>', {"y": "1"}),
        ('<x xsi:type="ns1:eArray"><item><y>1</y></item><item><y>2</y></item></x>', [{"y": "1"}, {"y": "2"}]),
        ("<x><complexObjectArray><y>1</y></complexObjectArray></x>", [{"y": "1"}]),
        (
            '<x xsi:type="ns1:ArrayOfString"><item xsi:type="xsd:string">1</item><item>2</item></x>',
            ["1", "2"],
        ),
    ],
)
def test_value_is_the_text_blank_is_none_and_shapes_stay(field, expected):
    assert value(field) == expected


def test_empty_list_is_a_list_in_both_dialects(recorded):
    for mode in ("std", "wsi"):
        assert recorded("customerAddressList-empty", mode).rows == []
        assert recorded("oroOrderList-window-p3-beyond", mode).rows == []


NO_LISTS = [
    "",
    "<result/>",
    '<result xsi:nil="true"/>',
    '<result xsi:nil="1"/>',
    '<result xsi:type="ns1:eArray" xsi:nil="true"/>',
    "<result>Fatal error: Allowed memory size</result>",
    '<result xsi:type="xsd:string">Fatal error</result>',
    '<result SOAP-ENC:arrayType="ns1:e[0]" xsi:type="ns1:eArray">Fatal error</result>',
    '<result xsi:type="ns1:e"/>',
    '<result xsi:type="ns1:e"><x>1</x></result>',
]


@pytest.mark.parametrize("result", NO_LISTS)
def test_what_is_no_array_is_no_empty_list(result):
    assert not answer(result).is_list(wsi=False)
    assert answer(result).is_list(wsi=True) is (result == "<result/>")


@pytest.mark.parametrize(
    "result",
    ['<r SOAP-ENC:arrayType="ns1:e[0]"/>', '<r xsi:type="ns1:eArray">\n</r>', "<r><item><x/></item></r>"],
)
def test_array_is_a_list_in_the_standard_dialect(result):
    assert answer(result).is_list(wsi=False)


def test_every_recorded_answer_of_a_list_call_is_a_list_and_no_other_is(envelopes):
    found = dict.fromkeys(("std", "wsi"), 0)
    for file in sorted(envelopes.glob("*/*.response.xml")):
        try:
            answer = read_answer(file.read_bytes())
        except SoapFault:
            continue
        method = re.search(rb"<ns1:(\w+?)Response", file.read_bytes())[1].decode()
        is_list = answer.is_list(wsi=file.parent.name == "wsi")
        assert is_list is method.endswith(("List", "Totals", "Faults", "resources")), file.name
        found[file.parent.name] += 1
    assert min(found.values()) > 20


def test_both_dialects_give_the_same_customers(recorded):
    standard = recorded("customerCustomerList-customer_id-in").rows
    ws_i = recorded("customerCustomerList-customer_id-in", "wsi").rows
    assert standard == ws_i
    assert [row["customer_id"] for row in standard] == ["1", "2", "55", "90", "91", "95", "103", "104"]


def test_both_dialects_give_the_same_order_with_children(recorded):
    standard, ws_i = (recorded("salesOrderInfo-comments", mode).record for mode in ("std", "wsi"))
    assert len(standard["items"]) == len(ws_i["items"]) > 0
    assert standard["status_history"] == ws_i["status_history"]
    assert standard["payment"] == ws_i["payment"]


def test_missing_email_and_empty_email_are_both_nothing(recorded):
    rows = {row["customer_id"]: row for row in recorded("customerCustomerList-customer_id-in").rows}
    assert rows["90"].get("email") is None
    assert "email" in rows["91"]
    assert rows["91"]["email"] is None


def test_zero_date_stays_text(recorded):
    rows = {row["customer_id"]: row for row in recorded("customerCustomerList-customer_id-in").rows}
    assert rows["95"]["created_at"] == "0000-00-00 00:00:00"


def test_long_names_arrive_whole(recorded):
    rows = {row["customer_id"]: row for row in recorded("customerCustomerList-customer_id-in").rows}
    assert len(rows["103"]["firstname"]) == len(rows["104"]["lastname"]) == 255


def test_customer_info_has_its_date_with_a_zone(recorded):
    assert recorded("customerCustomerInfo-1").record["created_at"] == "2026-11-21T05:18:37+01:00"


def test_escaped_control_characters_stay_literal_text(recorded):
    comments = [row.get("comment") for row in recorded("oroOrderList-controlchars").rows[0]["status_history"]]
    odd = next(text for text in comments if text and text.startswith("CTRLTEST"))
    assert "vt:&#11;" in odd
    assert "soh:&#1;" in odd
    assert "del:\x7f" in odd
    cities = {row["city"] for row in recorded("customerAddressList-60-nul").rows}
    assert "Nul&#0;City" in cities
    cities = {row["city"] for row in recorded("customerAddressList-62-ctl").rows}
    assert any("&#2;" in city for city in cities)


def test_line_ends_and_markup_in_comments_survive(recorded):
    comments = "".join(
        row.get("comment") or "" for row in recorded("salesOrderInfo-crlf-html").record["status_history"]
    )
    assert "\r\n" in comments
    assert "<" in comments


def test_comment_of_64_kib_arrives_whole(recorded):
    sizes = [
        len((row.get("comment") or "").encode())
        for row in recorded("salesOrderInfo-longcomment64k").record["status_history"]
    ]
    assert max(sizes) == 65_535


def test_increment_ids_with_letters_and_suffix_are_text(recorded):
    assert recorded("salesOrderInfo-us-prefix").record["increment_id"].startswith("US-")
    assert recorded("salesOrderInfo-edit-child").record["increment_id"] == "100000037-1"


def test_missing_fields_of_odd_orders_are_nothing(recorded):
    assert recorded("salesOrderInfo-null-updated").record.get("updated_at") is None
    assert recorded("salesOrderInfo-null-email").record.get("customer_email") is None
    assert recorded("salesOrderInfo-deleted-store").record.get("store_id") is None
    assert recorded("salesOrderInfo-guest").record.get("customer_id") is None


def test_street_and_store_name_keep_their_lines(recorded):
    assert "\n" in recorded("customerAddressList-2").rows[0]["street"]
    assert recorded("salesOrderInfo-plain").record["store_name"].count("\n") == 2


@pytest.mark.parametrize(
    "raw", [b"\x00", b"\x01", b"\x0b", b"\x1f", b"&#11;", b"&#x1F;", b"\xef\xbf\xbe", b"\xff"]
)
def test_raw_control_characters_of_old_magento_cost_the_character_not_the_list(raw):
    body = envelope("<ns1:x><r><item><x>Vertical@Tab</x><y>ok</y></item></r></ns1:x>").replace(b"@", raw)
    (row,) = read_answer(body).rows
    assert row["y"] == "ok"
    assert row["x"] in ("VerticalTab", "Vertical\ufffdTab")


@pytest.mark.parametrize("raw", [b"", b"\x0b", b"\x00"], ids=["clean", "with control characters", "with NUL"])
def test_body_cut_off_anywhere_is_never_taken_for_a_whole_one(raw):
    items = "".join(f"<item xsi:type='ns1:e'><x>{n}@</x></item>\n" for n in range(3))
    body = envelope(f'<ns1:r><r SOAP-ENC:arrayType="ns1:e[3]">{items}</r></ns1:r>').replace(b"@", raw)
    assert len(read_answer(body).rows) == 3
    for end in range(len(body) - 1):
        with pytest.raises(NotSoap):
            read_answer(body[:end])


def test_list_shorter_than_announced_is_refused():
    with pytest.raises(NotSoap, match="fewer rows"):
        answer('<r SOAP-ENC:arrayType="ns1:e[2]"><item><x>1</x></item></r>')


@pytest.mark.parametrize("before", [b"\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n "])
def test_blank_lines_an_extension_prints_first_do_no_harm(before):
    assert read_answer(before + envelope("<ns1:r><r>1</r></ns1:r>")).text == "1"


@pytest.mark.parametrize(
    ("body", "looks_like"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<html><body>x</body></html>", "a web page"),
        (b"<!DOCTYPE html>\n<p>x", "a web page"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "a web page"),
        (b"Fatal error: Allowed memory size", "not XML"),
        (b"<rss/>", "XML, but not"),
    ],
)
def test_what_is_no_envelope_is_named(body, looks_like):
    with pytest.raises(NotSoap, match=looks_like) as caught:
        read_answer(body)
    assert "memory" not in str(caught.value)


def test_answer_with_entities_is_refused(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("outside")
    entities = f'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY f SYSTEM "file://{secret}">]>'.encode()
    body = envelope("<ns1:r><r><x>1&a;&f;</x></r></ns1:r>").replace(
        b"<SOAP-ENV:Envelope", entities + b"<SOAP-ENV:Envelope"
    )
    with pytest.raises(NotSoap, match="DTD"):
        read_answer(body)


def test_fault_is_raised_with_its_code():
    with pytest.raises(SoapFault) as caught:
        read_answer(
            envelope(
                "<SOAP-ENV:Fault>\n<faultcode>5</faultcode>\n<faultstring>x</faultstring>\n</SOAP-ENV:Fault>"
            )
        )
    assert caught.value.code == "5"


@pytest.mark.parametrize(
    "name",
    "password password_hash rp_token rp_token_created_at customer_token protect_code cc_number cc_number_enc cc_cid "
    "cc_cid_enc cc_exp_month cc_owner cc_ss_issue cc_ss_start_year cc_trans_id echeck_account_name "
    "echeck_routing_number additional_information additional_data subscriber_confirm_code api_key".split(),
)
def test_secret_field_never_leaves_the_parser(name):
    fields = f"<{name}>s3cret</{name}><x>ok</x>"
    assert listed(fields).rows == [{"x": "ok"}]
    assert listed(f"<payment>{fields}</payment>").rows == [{"payment": {"x": "ok"}}]
    pairs = f"<item><key>{name}</key><value>s3cret</value></item><item><key>x</key><value>ok</value></item>"
    assert listed(f"<attributes>{pairs}</attributes>").rows == [{"attributes": {"x": "ok"}}]


@pytest.mark.parametrize("tag", ["item", "complexObjectArray"])
def test_keys_and_values_are_a_record_in_other_words(tag):
    pairs = "".join(
        f"<{tag}>{pair}</{tag}>"
        for pair in (
            "<key>loyalty</key>",
            "<key>x</key><value>1</value>",
            "<key>y</key><value/>",
            "<key>rp_token</key>",
        )
    )
    assert listed(f"<attributes>{pairs}</attributes>").rows == [
        {"attributes": {"loyalty": None, "x": "1", "y": None}}
    ]


def test_bare_texts_are_a_list_of_texts_and_never_one_of_records():
    (row,) = listed("<ids><item>3</item><item>4</item></ids>").rows
    assert (texts(row, "ids"), children(row, "ids")) == (["3", "4"], [{}, {}])
    assert texts(row, "none") == children(row, "none") == []


def test_empty_row_does_not_hide_the_rows_behind_it():
    (row,) = listed("<items><item/><item><x>1</x></item></items>").rows
    assert children(row, "items") == [{}, {"x": "1"}]


def test_rows_with_more_than_key_and_value_stay_a_list():
    rows = "<item><key>x</key><value>1</value></item><item><key>y</key><label>Y</label></item>"
    secret = "<item><key>api_key</key><value>s3cret</value><label>Key</label></item>"
    assert listed(f"<options>{rows}{secret}</options>").rows == [
        {"options": [{"key": "x", "value": "1"}, {"key": "y", "label": "Y"}]}
    ]


@pytest.mark.parametrize(
    "name", ["cc_last4", "cc_type", "confirmation", "account_id", "increment_id", "taxvat"]
)
def test_harmless_field_stays(name):
    assert listed(f"<{name}>1234</{name}>").rows == [{name: "1234"}]


@pytest.mark.parametrize(
    "file", ["std/customerCustomerList-gt", "std/oroCustomerList-p1", "wsi/oroCustomerList-p1"]
)
def test_recorded_customers_have_no_password_hash(envelopes, file):
    body = (envelopes / f"{file}.response.xml").read_bytes()
    assert b"password_hash" in body
    assert "password_hash" not in json.dumps(read_answer(body).rows)
