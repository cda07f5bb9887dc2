"""The OAuth signature against the example of RFC 5849 and of its erratum, and in both places it may stand."""

from __future__ import annotations

import base64
import hashlib
import hmac
from urllib.parse import parse_qsl

import httpx

from include.magento.rest.address import OAuthKeys
from include.magento.rest.authentication import authentication_of
from include.magento.rest.oauth import Signer, base_string
from tests.magento.rest.conftest import KEYS
from tests.magento.rest.scripted_list import HERE, RestAddressWithBasic


def test_base_string_is_that_of_rfc_5849() -> None:
    given = {
        "oauth_consumer_key": "9djdj82h48djs9d2",
        "oauth_token": "kkk9d7dh3k39sjv7",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131201",
        "oauth_nonce": "7d8f3e4a",
        "c2": "",
        "a3": "2 q",
    }
    found = base_string("post", "http://EXAMPLE.COM/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b", given.items())
    assert found == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D"
        "%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3D"
        "HMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


def test_signature_is_hmac_sha256_under_both_secrets() -> None:
    keys = OAuthKeys(consumer_key="ck", consumer_secret="c&s", token="tk", token_secret="t/s")
    found = Signer(keys, now=lambda: 1.9, nonce=lambda: "n").parameters("GET", f"{HERE}/V1/orders?a=1")
    signature = found.pop("oauth_signature")
    text = base_string("GET", f"{HERE}/V1/orders?a=1", found.items()).encode()
    assert found["oauth_timestamp"] == "1"
    assert base64.b64decode(signature) == hmac.new(b"c%26s&t%2Fs", text, hashlib.sha256).digest()


def test_each_try_is_signed_anew() -> None:
    signer = Signer(KEYS)
    first, second = (signer.parameters("GET", HERE) for _ in range(2))
    assert first["oauth_nonce"] != second["oauth_nonce"]
    assert first["oauth_signature"] != second["oauth_signature"]


def test_behind_basic_auth_the_signature_goes_into_the_query() -> None:
    auth = authentication_of(RestAddressWithBasic)
    sent = next(auth.sync_auth_flow(httpx.Request("GET", f"{HERE}/V1/orders?a=1")))
    given = dict(parse_qsl(sent.url.query.decode()))
    assert sent.headers["Authorization"] == "Basic aHV0Om1pdA=="
    assert given["a"] == "1"
    signed = {name: value for name, value in given.items() if name not in ("oauth_signature", "a")}
    text = base_string("GET", f"{HERE}/V1/orders?a=1", signed.items()).encode()
    assert base64.b64decode(given["oauth_signature"]) == hmac.new(b"cs&ts", text, hashlib.sha256).digest()
