"""The connection type as Airflow reads it, and the answer of its "Test" button."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from include.magento.connection_fields import ConnectionFields
from include.magento.door import StoreReport, StoreView
from include.settings import PROJECT_ROOT
from magento_crm.check import describe
from magento_crm.provider import PACKAGE_NAME, VERSION, get_provider_info

LISTED = """
from airflow.api_fastapi.core_api.services.ui.connections import HookMetaService
from airflow.providers_manager import ProvidersManager
hook = ProvidersManager().hooks["magento"]
answer = {
    "forms": [meta.model_dump() for meta in HookMetaService.hook_meta_data() if meta.connection_type == "magento"],
    "hook": [hook.hook_class_name, hook.hook_name, hook.connection_id_attribute_name, hook.package_name],
}
"""
PLUGINS = """
import sys
from airflow import plugins_manager
answer = [plugins_manager.get_import_errors(), [name for name in ("hook", "provider", "check") if name in sys.modules]]
"""
# The same three steps as POST /api/v2/connections/test: a passing id, the connection as URI, the hook's own test.
TEST_BUTTON = """
import os
from airflow.models import Connection
answer = []
for fields in {connections!r}:
    connection = Connection(conn_id="passing", conn_type="magento", **fields)
    os.environ["AIRFLOW_CONN_PASSING"] = connection.get_uri()
    answer.append(connection.test_connection())
"""
ADDRESSES = """
from magento_crm.hook import MagentoHook
found = {name: MagentoHook(f"magento_{name}").get_address() for name in ("uri", "json")}
answer = {
    name: [one.wsdl_url, one.user, one.api_key, one.wsi, one.verify_tls, one.timeout_seconds]
    for name, one in found.items()
}
"""


@pytest.fixture(scope="module")
def listed(in_airflow: Any) -> dict[str, Any]:
    """What Airflow knows of the type."""
    return dict(in_airflow(LISTED))


@pytest.fixture(scope="module")
def form(listed: dict[str, Any]) -> dict[str, Any]:
    """What the API server sends the UI to draw the form from."""
    [found] = listed["forms"]
    return dict(found)


def test_the_type_is_listed_once_with_its_name(form: dict[str, Any]) -> None:
    assert (form["hook_name"], form["hook_class_name"]) == ("Magento", "magento_crm.hook.MagentoHook")


def test_standard_fields_are_relabelled_explained_or_hidden(form: dict[str, Any]) -> None:
    fields = form["standard_fields"]
    titles = {name: fields[name]["title"] for name in ("host", "login", "password")}
    assert titles == {"host": "Base or WSDL URL", "login": "API user", "password": "API key or access token"}
    assert all(fields[name]["placeholder"] for name in titles)
    assert [name for name, field in fields.items() if field and field["hidden"]] == ["url_schema", "port"]


def test_extra_fields_have_label_description_and_kind(form: dict[str, Any]) -> None:
    fields = form["extra_fields"]
    assert list(fields) == [
        "kind", "consumer_key", "consumer_secret", "token_secret", "ims_organisation",
        "http_user", "http_password", "wsi", "verify_tls", "ca_bundle", "timeout_seconds", "allow_http",
    ]  # fmt: skip
    assert all(field["schema"]["title"] and field["description"] for field in fields.values())
    secrets = {name for name, field in fields.items() if field["schema"].get("format") == "password"}
    assert secrets == {"http_password", "consumer_secret", "token_secret"}
    assert fields["wsi"]["schema"]["enum"] == ["auto", "on", "off"]
    assert {name: field["value"] for name, field in fields.items() if field["value"] is not None} == {
        "kind": "magento1",
        "wsi": "auto",
        "verify_tls": True,
        "timeout_seconds": 60,
        "allow_http": False,
    }


def test_the_form_left_as_it_is_means_the_defaults_of_the_address(form: dict[str, Any]) -> None:
    untouched = ConnectionFields("x", {name: field["value"] for name, field in form["extra_fields"].items()})
    defaults = ConnectionFields("x", {})
    for fields in (untouched, defaults):
        assert (fields.wsi(), fields.verify_tls(), fields.timeout_seconds()) == ("auto", True, 60.0)
        assert fields.flag("allow_http", default=False) is False


def test_magento_2_store_is_told_by_its_modules() -> None:
    report = StoreReport(
        magento_version="2.4 (Community)",
        bridge_version=None,
        methods=frozenset({"Magento_Sales", "Magento_Inventory"}),
        stores=(),
        websites={},
    )
    assert describe(report, {}, "magento2").splitlines()[0] == "Magento 2.4 (Community), REST, 2 modules."
    other = replace(report, magento_version="Mage-OS 1.0 (Community)")
    assert describe(other, {}, "magento2").startswith("Mage-OS 1.0 (Community), REST")


def test_airflow_finds_the_hook(listed: dict[str, Any]) -> None:
    assert listed["hook"] == ["magento_crm.hook.MagentoHook", "Magento", "magento_conn_id", PACKAGE_NAME]


def test_the_connection_type_is_not_loaded_as_a_plugin(in_airflow: Any) -> None:
    errors, modules = in_airflow(PLUGINS)
    assert (errors, modules) == ({}, [])


def test_metadata_and_provider_agree() -> None:
    [metadata] = (PROJECT_ROOT / "plugins").glob("*.dist-info/METADATA")
    assert f"Name: {PACKAGE_NAME}\nVersion: {VERSION}\n" in metadata.read_text()
    assert metadata.parent.name == f"{PACKAGE_NAME.replace('-', '_')}-{VERSION}.dist-info"
    assert get_provider_info()["versions"] == [VERSION]


@pytest.fixture(scope="module")
def addresses(in_airflow: Any) -> dict[str, Any]:
    """What the hook makes of connections in the environment."""
    fields = {"host": "https://shop.example", "login": "u", "password": "k", "extra": {"wsi": "off"}}
    uri = "magento://user:k%2Fy@127.0.0.1:8181/index.php?wsi=on&verify_tls=false&timeout_seconds=5"
    text = json.dumps({"conn_type": "magento"} | fields)
    found = in_airflow(ADDRESSES, AIRFLOW_CONN_MAGENTO_URI=uri, AIRFLOW_CONN_MAGENTO_JSON=text)
    return dict(found)


def test_a_connection_in_uri_form_is_understood(addresses: dict[str, Any]) -> None:
    wsdl_url = "http://127.0.0.1:8181/index.php/api/v2_soap/?wsdl=1"
    assert addresses["uri"] == [wsdl_url, "user", "k/y", "on", False, 5.0]


def test_a_connection_in_json_form_is_understood(addresses: dict[str, Any]) -> None:
    wsdl_url = "https://shop.example/index.php/api/v2_soap/?wsdl=1"
    assert addresses["json"] == [wsdl_url, "u", "k", "off", True, 60.0]


def test_what_is_wrong_is_said_in_one_sentence_without_secrets(in_airflow: Any) -> None:
    wrong = [
        {"host": "https://shop.example", "login": "u"},
        {"host": "http://shop.example", "login": "u", "password": "s3cret"},
        {"host": f"http://127.0.0.1:{_free_port()}", "login": "u", "password": "s3cret"},
    ]
    answers = in_airflow(TEST_BUTTON.format(connections=wrong))
    assert [passed for passed, _ in answers] == [False, False, False]
    missing_key, plain_http, nobody = (message for _, message in answers)
    assert "the API key (password) is missing" in missing_key
    assert "plain http would send the API key unencrypted" in plain_http
    assert nobody.endswith(".")
    assert not any("s3cret" in message or "Traceback" in message for _, message in answers)


@pytest.fixture
def recorded_store(shared_dir: Path) -> Iterator[str]:
    """Base URL of the recorded shop, with the Oro bridge."""
    port = _free_port()
    command = [sys.executable, str(shared_dir / "tools" / "recorded_store.py"), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    server.stdout.readline()
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()
    server.stdout.close()


def test_the_button_tells_versions_entities_websites_and_stores(recorded_store: str, in_airflow: Any) -> None:
    right = {"host": recorded_store, "login": "crm_sync", "password": "crm-sync-key"}
    [[passed, message]] = in_airflow(TEST_BUTTON.format(connections=[right]))
    assert passed, message
    assert re.search(r"^Magento 1\.[\d.]+, Oro bridge 1\.[\d.]+\.$", message, re.MULTILINE)
    assert "Can be synced: stores, regions, customers, carts, orders, invoices, shipments" in message
    assert re.search(r"^Website 1 .+: stores 1 ", message, re.MULTILINE)


def test_the_answer_names_what_cannot_be_synced_and_why() -> None:
    report = StoreReport(
        magento_version=None,
        bridge_version=None,
        methods=frozenset(),
        stores=(StoreView(store_id=1, code="de", name="Deutsch", website_id=1),),
        websites={3: "website 3", 2: "Empty", 1: "Main"},
        admin_url="https://shop.example.com/admin/",
        notes=("A note.",),
    )
    assert describe(report, {"customers": None, "carts": "Carts need the Oro bridge."}).splitlines() == [
        "Magento (version not told), no Oro bridge.",
        "Can be synced: customers.",
        "Cannot be synced: carts: Carts need the Oro bridge.",
        "Website 1 Main: stores 1 de.",
        "Website 2 Empty: no stores.",
        "Website 3: no stores.",
        "Its admin: https://shop.example.com/admin/",
        "A note.",
    ]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
