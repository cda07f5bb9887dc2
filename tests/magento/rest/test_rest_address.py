"""The fields of a connection to the address of a REST API and the way into it."""

from __future__ import annotations

from typing import Any

import pytest

from include.errors import ConfigError
from include.magento.rest.address import (
    AdminLogin,
    BearerToken,
    ImsClient,
    OAuthKeys,
    RestAddress,
    rest_address_from_connection,
)


def address(host: str = "https://shop.example.com", **fields: Any) -> RestAddress:
    known = {"port": None, "schema": None, "login": None, "password": "tk", "extra": {}} | fields
    return rest_address_from_connection(conn_id="m2", host=host, **known)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("https://shop.example.com", "https://shop.example.com/rest"),
        ("https://shop.example.com/", "https://shop.example.com/rest"),
        ("https://shop.example.com/rest/V1/", "https://shop.example.com/rest"),
        ("https://shop.example.com/rest/all/V1/orders", "https://shop.example.com/rest"),
        ("https://shop.example.com/index.php/rest", "https://shop.example.com/index.php/rest"),
        ("shop.example.com/sub", "https://shop.example.com/sub/rest"),
        ("http://127.0.0.1:8182", "http://127.0.0.1:8182/rest"),
    ],
)
def test_however_people_write_the_address(host: str, url: str) -> None:
    assert address(host).url == url


def test_cloud_service_keeps_its_tenant_and_has_no_rest() -> None:
    found = address(
        "https://na1.api.commerce.adobe.com/abc/", login="id", extra={"ims_organisation": "org@AdobeOrg"}
    )
    assert found.url == "https://na1.api.commerce.adobe.com/abc"
    assert isinstance(found.credentials, ImsClient)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, BearerToken),
        ({"login": "crm"}, AdminLogin),
        ({"extra": {"consumer_key": "ck", "consumer_secret": "cs", "token_secret": "ts"}}, OAuthKeys),
    ],
)
def test_way_in_follows_from_what_is_filled_in(fields: dict[str, Any], kind: type) -> None:
    assert isinstance(address(**fields).credentials, kind)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"password": " "}, r"access token \(password\) is missing"),
        ({"extra": {"consumer_key": "ck", "token_secret": "ts"}}, "consumer_secret is missing"),
        ({"extra": {"http_user": "hut"}}, "basic auth and a token"),
        ({"login": "i", "extra": {"ims_organisation": "o", "ims_url": "http://evil.example"}}, "ims_url"),
        ({"host": "http://shop.example.com"}, "unencrypted"),
    ],
)
def test_wrong_field_is_named_with_its_mend(fields: dict[str, Any], names: str) -> None:
    with pytest.raises(ConfigError, match=names) as error:
        address(**fields)
    assert "ck" not in error.value.summary
