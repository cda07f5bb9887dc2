"""The OAuth signature against the example of RFC 5849, and in both places it may stand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import re
from urllib.parse import parse_qsl, quote, unquote

import httpx
import pytest
from oauthlib.oauth1.rfc5849 import signature

from include.magento.rest import open_door
from include.magento.rest.address import OAuthKeys
from include.magento.rest.authentication import authentication_of
from include.magento.rest.oauth import Signer
from tests.magento.rest.conftest import KEYS
from tests.magento.rest.scripted_list import HERE, ORDERS, RestAddressWithBasic, answer_of, door_to

ASKED = f"{HERE}/V1/orders?a=1&filter%5B0%5D%5Bvalue%5D=r%20b%2Cc"


def test_what_signs_builds_the_base_string_of_rfc_5849() -> None:
    given = """oauth_consumer_key=9djdj82h48djs9d2&oauth_token=kkk9d7dh3k39sjv7&oauth_signature_method=HMAC-SHA1
        &oauth_timestamp=137131201&oauth_nonce=7d8f3e4a"""
    collected = signature.collect_parameters(
        "&".join(("b5=%3D%253D&a3=a&c%40=&a2=r%20b", "c2&a3=2+q", *given.split()))
    )
    address = signature.base_string_uri("http://EXAMPLE.COM/request")
    found = signature.signature_base_string("post", address, signature.normalize_parameters(collected))
    assert found == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D"
        "%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3D"
        "HMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


def test_signature_is_hmac_sha256_under_both_secrets_of_verb_address_and_query() -> None:
    keys = OAuthKeys(consumer_key="ck", consumer_secret="c&s", token="tk", token_secret="t/s")
    told = in_header(Signer(keys, now=lambda: 1.9, nonce=lambda: "n").sign("GET", ASKED).header)
    assert told["oauth_timestamp"] == "1"
    assert told["oauth_signature_method"] == "HMAC-SHA256"
    assert told.pop("oauth_signature") == expected(told, b"c%26s&t%2Fs")


def test_each_try_is_signed_anew() -> None:
    seen: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(in_header(request.headers["Authorization"]))
        return httpx.Response(503, text="<html>")

    with pytest.raises(Exception, match="after several tries"):
        door_to(answer, KEYS).report()
    assert len(seen) == 5
    for name in ("oauth_nonce", "oauth_signature"):
        assert len({told[name] for told in seen}) == 5


def test_behind_basic_auth_login_and_signature_share_the_header_and_the_query_has_it_too() -> None:
    auth = authentication_of(RestAddressWithBasic)
    sent = next(auth.sync_auth_flow(httpx.Request("GET", ASKED)))
    login, _, rest = sent.headers["Authorization"].partition(", ")
    assert login == "Basic aHV0Om1pdA=="
    told = in_header(rest)
    assert rest.startswith("OAuth ")
    given = dict(parse_qsl(sent.url.query.decode()))
    assert given["a"] == "1"
    assert {name: value for name, value in given.items() if name.startswith("oauth_")} == told
    assert told.pop("oauth_signature") == expected(told, b"cs&ts")


def test_what_is_looked_for_and_the_keys_are_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return answer_of([], 0)

    door = open_door(RestAddressWithBasic, sleep=lambda _: None, transport=httpx.MockTransport(answer))
    door.find(ORDERS, "customer_email", ["ada@b.example"])
    assert "oauth_token=tk" in asked[0]
    assert "ada" in asked[0]
    assert "oauth" not in caplog.text
    assert "ada" not in caplog.text


def in_header(header: str) -> dict[str, str]:
    return {name: unquote(value) for name, value in re.findall(r'(\w+)="([^"]*)"', header)}


def expected(told: dict[str, str], secrets: bytes) -> str:
    """The signature of a GET of `ASKED`, worked out from the RFC alone."""
    address, _, query = ASKED.partition("?")
    pairs = sorted((quote(k, "~"), quote(v, "~")) for k, v in [*parse_qsl(query), *told.items()])
    text = "&".join(quote(part, "~") for part in ("GET", address, "&".join(f"{k}={v}" for k, v in pairs)))
    return base64.b64encode(hmac.new(secrets, text.encode(), hashlib.sha256).digest()).decode()
