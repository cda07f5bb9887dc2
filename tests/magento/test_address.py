"""The many ways to write a store's address, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from include.errors import ConfigError
from include.magento.address import StoreAddress, address_from_connection

SHOP = "https://shop.example/index.php/api/v2_soap/?wsdl=1"
LOCAL = "http://127.0.0.1:8181/index.php/api/v2_soap/?wsdl=1"
SECRETS = {"login": "api-user", "password": "k3y-s3cret"}


def address(host: str | None, **fields: Any) -> StoreAddress:
    """The address of a connection with these fields, the others as a form leaves them."""
    empty: dict[str, Any] = {"port": None, "schema": None, "extra": {}}
    return address_from_connection(**(empty | SECRETS | {"conn_id": "magento_us", "host": host} | fields))


def refusal(host: str | None = "https://shop.example", **fields: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        address(host, **fields)
    sentence = caught.value.summary
    assert sentence.startswith("Connection magento_us: ")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return sentence


@pytest.mark.parametrize(
    ("host", "wsdl_url"),
    [
        (SHOP, SHOP),
        ("https://shop.example", SHOP),
        ("https://shop.example/", SHOP),
        ("  https://shop.example/  ", SHOP),
        ("HTTPS://Shop.Example", SHOP),
        ("shop.example", SHOP),
        ("https://shop.example/index.php", SHOP),
        ("https://shop.example/index.php/", SHOP),
        ("https://shop.example/index.php/admin", SHOP),
        ("https://shop.example/#top", SHOP),
        ("https://shop.example/index.php/api/v2_soap", SHOP),
        ("https://shop.example/index.php/api/v2_soap/", SHOP),
        ("https://shop.example/api/v2_soap/?wsdl=1", "https://shop.example/api/v2_soap/?wsdl=1"),
        ("https://shop.example/api/v2_soap?wsdl", "https://shop.example/api/v2_soap?wsdl"),
        ("https://shop.example/magento.wsdl", "https://shop.example/magento.wsdl"),
        ("https://shop.example/old/shop/", "https://shop.example/old/shop/index.php/api/v2_soap/?wsdl=1"),
        ("https://shop.example:8443", "https://shop.example:8443/index.php/api/v2_soap/?wsdl=1"),
        ("https://shop.example/?gate=9", "https://shop.example/index.php/api/v2_soap/?wsdl=1&gate=9"),
        ("127.0.0.1:8181", LOCAL),
        ("http://127.0.0.1:8181/index.php", LOCAL),
        ("localhost", "http://localhost/index.php/api/v2_soap/?wsdl=1"),
        ("::1", "http://[::1]/index.php/api/v2_soap/?wsdl=1"),
        ("[::1]:8181", "http://[::1]:8181/index.php/api/v2_soap/?wsdl=1"),
        ("http://magento.localhost", "http://magento.localhost/index.php/api/v2_soap/?wsdl=1"),
    ],
)
def test_base_and_wsdl_urls_become_the_wsdl_url(host: str, wsdl_url: str) -> None:
    assert address(host).wsdl_url == wsdl_url


@pytest.mark.parametrize(
    ("host", "port", "schema", "wsdl_url"),
    [
        ("127.0.0.1", 8181, "index.php", LOCAL),
        ("127.0.0.1", 8181, "", LOCAL),
        ("127.0.0.1", 8181, "http", LOCAL),
        ("127.0.0.1", 8181, "https", LOCAL.replace("http", "https")),
        ("http://127.0.0.1", 8181, None, LOCAL),
        ("http://127.0.0.1:8181", 8181, None, LOCAL),
        ("::1", 8181, "index.php", LOCAL.replace("127.0.0.1", "[::1]")),
        ("shop.example", None, "https", SHOP),
        ("shop.example", 443, None, SHOP.replace(".example", ".example:443")),
        ("https://shop.example", None, "index.php/api/v2_soap/", SHOP),
        ("https://shop.example", None, "index.php/api/v2_soap/?wsdl=1", SHOP),
        (
            "https://shop.example/old",
            None,
            "/shop",
            "https://shop.example/old/shop/index.php/api/v2_soap/?wsdl=1",
        ),
    ],
)
def test_the_pieces_of_the_uri_form_are_put_together(
    host: str, port: int | None, schema: str | None, wsdl_url: str
) -> None:
    assert address(host, port=port, schema=schema).wsdl_url == wsdl_url


def test_a_login_in_the_url_becomes_http_basic_auth() -> None:
    guarded = address("https://gate:p%40ss@shop.example/")
    assert (guarded.http_user, guarded.http_password) == ("gate", "p@ss")
    assert guarded.wsdl_url == SHOP
    assert (guarded.user, guarded.api_key) == ("api-user", "k3y-s3cret")


def test_a_login_is_taken_out_of_a_full_wsdl_url_too() -> None:
    assert address("https://gate:p@shop.example/index.php/api/v2_soap/?wsdl=1").wsdl_url == SHOP


def test_the_form_fields_win_over_a_login_in_the_url() -> None:
    guarded = address("https://a:b@shop.example", extra={"http_user": "gate", "http_password": "pass"})
    assert (guarded.http_user, guarded.http_password) == ("gate", "pass")


def test_there_is_no_http_login_by_default() -> None:
    open_shop = address("https://shop.example", extra={"http_user": "", "http_password": None})
    assert (open_shop.http_user, open_shop.http_password) == (None, None)


def test_plain_http_to_another_machine_is_refused_unless_allowed() -> None:
    assert "set the extra field allow_http to true" in refusal("http://shop.example")
    assert "plain http" in refusal("http://localhost.shop.example")
    assert "plain http" in refusal("shop.example", schema="http")
    allowed = address("http://shop.example", extra={"allow_http": "true"})
    assert allowed.wsdl_url == SHOP.replace("https", "http")


@pytest.mark.parametrize(
    ("host", "fields", "words"),
    [
        (None, {}, "the address (host) is missing; enter the shop's base URL"),
        ("  ", {}, "the address (host) is missing"),
        ("https://", {}, "is not a web address; write it like https://shop.example.com"),
        ("ftp://shop.example", {}, "is not a web address"),
        ("https://shop example", {}, "is not a web address"),
        ("https://shop.example:http", {}, "is not a web address"),
        ("https://gate:pa/ss-s3cret@shop.example", {}, "is not a web address"),
        ("https://[::1", {}, "is not a web address"),
        ("https://shop.example:1", {"port": 2}, "name different ports; keep one of the two"),
        ("https://shop.example/api/soap/?wsdl", {}, "is that of another Magento API than SOAP v2"),
        ("https://shop.example/api/xmlrpc", {}, "is that of another Magento API"),
        ("https://shop.example", {"login": None}, "the API user (login) is missing; enter the SOAP user"),
        ("https://shop.example", {"password": " "}, "the API key (password) is missing; enter the key"),
        (
            "https://shop.example",
            {"extra": {"wsi": "maybe"}},
            "the extra field wsi is none of auto, on and off",
        ),
        ("https://shop.example", {"extra": {"verify_tls": "maybe"}}, "verify_tls is neither true nor false"),
        ("https://shop.example", {"extra": {"allow_http": 7}}, "allow_http is neither true nor false"),
        ("https://shop.example", {"extra": {"ca_bundle": "/nowhere.pem"}}, "ca_bundle names no file here"),
        (
            "https://shop.example",
            {"extra": {"timeout_seconds": 0}},
            "timeout_seconds is not a number of seconds",
        ),
        ("https://shop.example", {"extra": {"timeout_seconds": "soon"}}, "timeout_seconds is not a number"),
        ("https://shop.example", {"extra": {"timeout_seconds": "nan"}}, "timeout_seconds is not a number"),
        (
            "https://shop.example",
            {"extra": {"timeout_seconds": True, "wsi": []}},
            "the extra field wsi is none",
        ),
    ],
)
def test_a_wrong_field_is_refused_by_connection_and_name(
    host: str | None, fields: dict[str, Any], words: str
) -> None:
    sentence = refusal(host, **fields)
    assert words in sentence
    assert "s3cret" not in sentence


@pytest.mark.parametrize(
    ("given", "wsi"),
    [
        (None, "auto"),
        ("", "auto"),
        ("AUTO", "auto"),
        ("on", "on"),
        (True, "on"),
        ("off", "off"),
        (False, "off"),
    ],
)
def test_wsi_may_come_as_text_or_switch(given: Any, wsi: str) -> None:
    assert address("https://shop.example", extra={"wsi": given}).wsi == wsi


@pytest.mark.parametrize(
    ("given", "verify"),
    [(None, True), ("", True), (True, True), ("true", True), (False, False), ("false", False)],
)
def test_tls_is_verified_unless_switched_off(given: Any, verify: bool) -> None:
    assert address("https://shop.example", extra={"verify_tls": given}).verify_tls is verify


def test_a_ca_bundle_is_used_for_verification_only(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.touch()
    extra = {"ca_bundle": str(bundle)}
    assert address("https://shop.example", extra=extra).verify_tls == str(bundle)
    assert address("https://shop.example", extra=extra | {"verify_tls": False}).verify_tls is False


@pytest.mark.parametrize(("given", "seconds"), [(None, 60), ("", 60), (30, 30), ("2.5", 2.5)])
def test_the_timeout_is_sixty_seconds_by_default(given: Any, seconds: float) -> None:
    assert address("https://shop.example", extra={"timeout_seconds": given}).timeout_seconds == seconds


def test_no_secret_shows_in_the_address() -> None:
    guarded = address("https://gate:p4ss-s3cret@shop.example/?token=t0ken-s3cret")
    for shown in (repr(guarded), str(guarded), f"{guarded}", guarded.place):
        assert "s3cret" not in shown
        assert "gate" not in shown
        assert "https://shop.example/index.php/api/v2_soap/" in shown


def test_values_of_the_connection_are_not_logged_by_a_failing_check() -> None:
    fields = {"extra": {"http_password": "p-s3cret", "timeout_seconds": "x-s3cret"}}
    assert "s3cret" not in refusal("https://shop.example", **fields)
