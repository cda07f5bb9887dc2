"""Opening the door: each way in which there is no store ends in one sentence with a next step."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from include.errors import ConfigError, TransientError
from include.settings import PROJECT_ROOT
from tests.magento.soap.scripted_store import Raw, ScriptedStore, running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key."""
    file = tmp_path_factory.mktemp("tls") / "store.pem"
    asked = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1 -keyout -"
    )
    command = ["openssl", *asked.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-out", file]
    made = subprocess.run(command, capture_output=True, check=False)
    if made.returncode:
        pytest.skip("openssl is not here to make a certificate")
    file.write_bytes(file.read_bytes() + made.stdout)
    return file


def test_host_that_nobody_has_is_a_wrong_address(store, enter, pauses):
    with pytest.raises(ConfigError, match=r"name of http://no-such-shop\.invalid: check host"):
        enter(store.address(wsdl_url="http://no-such-shop.invalid/api/v2_soap/?wsdl=1"))
    assert len(pauses) == 2


def test_refused_connection_is_a_wrong_address(store, enter):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(ConfigError, match=f"connections at http://127.0.0.1:{port}: check host and port"):
            enter(store.address(wsdl_url=f"http://127.0.0.1:{port}/?wsdl=1"))


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Raw(b"<!DOCTYPE html><html><body>Shop</body></html>"), "gives a web page: check the URL"),
        (Raw(b"<html><body><p>Maintenance<br></body></html>"), "gives a web page: check the URL"),
        (Raw(b'{"ok": true}'), "gives no WSDL: check the URL"),
        (Raw(b""), "gives no WSDL"),
        (Raw(b"no", 404), "check its path"),
        (Raw(b"no", 401), "HTTP basic auth"),
        (Raw(b"no", 403), "forbids"),
        (Raw(b"no", 418), "HTTP 418"),
    ],
)
def test_what_is_no_wsdl_is_a_wrong_address(store, enter, answer, sentence):
    store.wsdl = answer
    with pytest.raises(ConfigError, match=sentence) as caught:
        enter(store.address())
    assert "Maintenance" not in caught.value.summary


@pytest.mark.parametrize(
    "answer", [Raw(b"busy", 503), Raw(b"", 500), Raw(None)], ids=["503", "500", "hang-up"]
)
def test_busy_store_is_worth_another_run(store, enter, pauses, answer):
    store.wsdl = answer
    with pytest.raises(TransientError, match="run again"):
        enter(store.address())
    assert len(pauses) == 4


def test_silent_store_is_worth_another_run(store, enter):
    store.wsdl = Raw(b"<", 200, {"Content-Length": "99"})
    with pytest.raises(TransientError, match="in the middle of an answer"):
        enter(store.address(timeout_seconds=0.05))


def test_store_that_comes_back_while_we_try_is_opened(store, enter):
    real = store.reply_to_get
    replies = [Raw(b"busy", 503), Raw(b"<html></html>"), Raw(None)]
    store.reply_to_get = lambda: replies.pop() if replies else real()
    assert "login" in enter(store.address()).report().methods


def test_unknown_certificate_names_verify_tls(enter, certificate):
    with running(ScriptedStore(), certificate) as store, pytest.raises(ConfigError, match="verify_tls"):
        enter(store.address())


def test_ca_file_of_the_connection_is_trusted(enter, certificate):
    with running(ScriptedStore(), certificate) as store:
        assert enter(store.address(verify_tls=str(certificate))).report().stores


def test_switched_off_verification_wins_over_the_environment(enter, certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/hosts")
    with running(ScriptedStore(), certificate) as store, pytest.warns(match="Unverified HTTPS"):
        assert enter(store.address(verify_tls=False)).report().stores


def test_missing_ca_file_is_named_as_such(enter, certificate):
    with running(ScriptedStore(), certificate) as store, pytest.raises(ConfigError, match="CA file"):
        enter(store.address(verify_tls="/nowhere/ca.pem"))


def test_plain_http_behind_https_is_a_tls_failure(store, enter):
    with pytest.raises(ConfigError, match="TLS"):
        enter(store.address(wsdl_url=store.base.replace("http:", "https:")))


def test_basic_auth_goes_with_every_exchange(store, enter):
    enter(store.address(http_user="gate", http_password="s3cret")).report()
    assert store.authorizations == ["Basic Z2F0ZTpzM2NyZXQ="] * (len(store.calls) + 1)


@pytest.fixture
def stranger():
    """Another server that notes who asks for what."""
    with running(ScriptedStore()) as other:
        yield other


def test_redirect_to_another_server_is_refused_before_it_hears_of_us(store, stranger, enter):
    store.wsdl = Raw(b"", 302, {"Location": f"{stranger.base}/api/v2_soap/?wsdl=1"})
    with pytest.raises(ConfigError, match="final one"):
        enter(store.address(http_user="gate", http_password="s3cret"))
    assert (stranger.authorizations, stranger.calls) == ([], [])


def test_redirect_on_the_same_server_is_followed_with_the_login(store, enter):
    real = store.reply_to_get
    replies = [Raw(b"", 302, {"Location": "/shop/api/v2_soap/?wsdl=1"})]
    store.reply_to_get = lambda: replies.pop() if replies else real()
    assert enter(store.address(http_user="gate", http_password="s3cret")).report().stores
    assert set(store.authorizations) == {"Basic Z2F0ZTpzM2NyZXQ="}


def test_import_from_another_server_is_refused_before_it_hears_of_us(store, stranger, enter):
    store.wsdl = Raw(_with_import(store, f"{stranger.base}/types.xsd"))
    with pytest.raises(ConfigError, match="another server"):
        enter(store.address(http_user="gate", http_password="s3cret"))
    assert stranger.authorizations == []


def test_import_of_a_file_is_refused(store, enter):
    store.wsdl = Raw(_with_import(store, "file:///etc/hosts"))
    with pytest.raises(ConfigError, match="another server"):
        enter(store.address())


def test_import_from_the_stores_own_server_is_fetched(store, enter):
    schema = b'<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:other"/>'
    replies = [Raw(schema), Raw(_with_import(store, f"{store.base}/types.xsd"))]
    store.reply_to_get = replies.pop
    assert enter(store.address()).report().stores
    assert replies == []


def _with_import(store, location):
    types = f'<import namespace="urn:other" schemaLocation="{location}"/>'
    wsdl = store.reply_to_get().body.decode()
    schema = re.search(r"<xsd:schema [^>]*>", wsdl)[0]
    return wsdl.replace(schema, f"{schema}<xsd:{types[1:]}", 1).encode()


def test_calls_go_to_the_server_the_person_named_whatever_the_wsdl_says(store, enter):
    inner = store.reply_to_get().body.replace(store.base.encode(), b"http://10.0.0.5:8080")
    store.wsdl = Raw(inner)
    assert enter(store.address()).report().stores


def test_wsi_setting_that_contradicts_the_store_is_refused(store, enter):
    with pytest.raises(ConfigError, match="set WS-I to auto"):
        enter(store.address(wsi="on"))
    enter(store.address(wsi="off"))


def test_declarations_cost_no_zeep_and_no_lxml():
    code = (
        "import sys, include.magento.door, include.magento.soap, include.magento.soap.reading, include.magento.faults;"
        "print({'zeep', 'lxml', 'requests'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT_ROOT
    )
    assert done.stdout == "set()\n"
