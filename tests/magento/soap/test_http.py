"""Whose server a URL names, and to whom the login of HTTP basic auth goes."""

from __future__ import annotations

import pytest
import requests

from include.magento.address import StoreAddress
from include.magento.soap.http import Http, on_same_server


@pytest.mark.parametrize(
    ("url", "own", "same"),
    [
        ("https://shop.example/x.xsd", "https://shop.example/?wsdl", True),
        ("https://SHOP.example:443/x", "https://shop.example/", True),
        ("https://shop.example/", "http://shop.example/", True),
        ("http://shop.example/", "https://shop.example/", True),
        ("https://shop.example:8443/", "https://shop.example/", False),
        ("http://shop.example:8080/", "https://shop.example:8080/", False),
        ("https://shop.example.evil.example/", "https://shop.example/", False),
        ("https://shop.example@evil.example/", "https://shop.example/", False),
        ("http://127.0.0.1:81/", "http://127.0.0.1:80/", False),
        ("https://shop.example:99999/", "https://shop.example/", False),
        ("file:///etc/hosts", "https://shop.example/", False),
        ("types.xsd", "https://shop.example/", False),
    ],
)
def test_same_server_is_scheme_host_and_port_or_the_standard_ports_of_one_host(url, own, same):
    assert on_same_server(url, own) is same


@pytest.mark.parametrize(
    ("own", "url", "sent"),
    [
        ("https://shop.example/?wsdl", "https://shop.example/api", True),
        ("http://shop.example/?wsdl", "https://shop.example/api", True),
        ("https://shop.example/?wsdl", "http://shop.example/api", False),
        ("https://shop.example/?wsdl", "https://shop.example:8443/api", False),
        ("https://shop.example/?wsdl", "https://cdn.example/api", False),
    ],
)
def test_login_goes_to_the_own_server_only_and_never_out_of_tls(own, url, sent):
    http = Http(StoreAddress(wsdl_url=own, user="u", api_key="k", http_user="gate", http_password="s3cret"))
    prepared = http.session.prepare_request(requests.Request("GET", url))
    http.close()
    assert ("Authorization" in prepared.headers) is sent


@pytest.mark.parametrize(
    ("host", "reached_directly"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("localhost", True),
        ("[::1]", True),
        ("shop.localhost", True),
        ("127.shop.example", False),
        ("shop.example", False),
    ],
)
def test_proxy_of_the_environment_is_left_out_for_this_machine_alone(host, reached_directly):
    http = Http(StoreAddress(wsdl_url=f"https://{host}/?wsdl", user="u", api_key="k"))
    http.close()
    assert http.session.trust_env is not reached_directly
