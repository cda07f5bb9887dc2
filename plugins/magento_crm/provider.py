"""What Airflow is told about the connection type: its name, its hook and the fields of its form.

Read without importing the hook. The form stores the extra fields under these very names in the connection's extra
JSON, where `include.magento.address` reads them; keep the two alike.
"""

from __future__ import annotations

from typing import Any

PACKAGE_NAME = "magento-crm"
VERSION = "0.1.0"


def get_provider_info() -> dict[str, Any]:
    """The provider's description, called by Airflow through the entry point."""
    return {
        "package-name": PACKAGE_NAME,
        "name": "Magento",
        "description": "Connection type for Magento stores.",
        "versions": [VERSION],
        "asset-uris": [
            {
                "schemes": ["magento"],
                "handler": None,  # nothing to normalise, but Airflow leaves out what does not say so
                "to_openlineage_converter": "magento_crm.lineage.to_dataset",
            }
        ],
        "connection-types": [
            {
                "connection-type": "magento",
                "hook-name": "Magento",
                "hook-class-name": "magento_crm.hook.MagentoHook",
                "conn-fields": _extra_fields(),
                "ui-field-behaviour": _standard_fields(),
            }
        ],
    }


def _standard_fields() -> dict[str, Any]:
    return {
        "hidden-fields": ["schema", "port"],
        "relabeling": {
            "host": "Base or WSDL URL",
            "login": "API user",
            "password": "API key or access token",
        },
        "placeholders": {
            "host": "https://shop.example.com or https://shop.example.com/index.php/api/v2_soap/?wsdl=1",
            "login": "SOAP user of the store (System > Web Services > SOAP/XML-RPC Users); Magento 2: admin, or blank",
            "password": "the SOAP user's API key; Magento 2: access token of the integration, or the admin's password",
        },
    }


def _extra_fields() -> dict[str, Any]:
    return {
        "kind": _field(
            "Store runs on",
            "Magento 1 and OpenMage speak SOAP; Magento 2, Adobe Commerce and Mage-OS speak REST. For the button "
            "Test; syncs go by the channel's file.",
            {"type": "string", "enum": ["magento1", "magento2"], "default": "magento1"},
        ),
        **_magento2_fields(),
        "http_user": _field(
            "HTTP user", "Only if the shop asks for an HTTP login (basic auth) before Magento.", _text()
        ),
        "http_password": _field("HTTP password", "Password of that HTTP login.", _text(format="password")),
        "wsi": _field(
            "WS-I mode",
            "Whether the store answers in WS-I compliance mode; auto reads it off the WSDL.",
            {"type": "string", "enum": ["auto", "on", "off"], "default": "auto"},
        ),
        "verify_tls": _field(
            "Verify TLS",
            "Check the shop's certificate. Switch off for tests only.",
            {"type": "boolean", "default": True},
        ),
        "ca_bundle": _field(
            "CA bundle",
            "Path of a PEM file on Airflow's machines, for a shop with a certificate of its own.",
            _text(),
        ),
        "timeout_seconds": _field(
            "Timeout",
            "Seconds that a call may take.",
            {"type": "number", "default": 60, "minimum": 1, "maximum": 3600},
        ),
        "allow_http": _field(
            "Allow plain http",
            "Send the API key unencrypted to a shop without https; never needed for 127.0.0.1.",
            {"type": "boolean", "default": False},
        ),
    }


def _magento2_fields() -> dict[str, Any]:
    """The keys of a Magento 2 integration beside its access token, which is the password."""
    secret = _text(format="password")
    return {
        "consumer_key": _field(
            "Consumer key", "Magento 2: of the integration; blank for an admin user.", _text()
        ),
        "consumer_secret": _field("Consumer secret", "Magento 2: of the integration.", secret),
        "token_secret": _field("Access token secret", "Magento 2: of the integration.", secret),
        "ims_organisation": _field(
            "IMS organisation", "Adobe Commerce as a Cloud Service only: ends in @AdobeOrg.", _text()
        ),
    }


def _field(label: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"label": label, "description": description, "schema": schema}


def _text(**more: str) -> dict[str, Any]:
    return {"type": ["string", "null"], **more}
