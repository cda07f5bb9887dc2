"""The environment of a local Airflow: everything it must know before it is imported for the first time.

Two calls start every command: `local_settings()`, then `prepare_environment(settings)`. What a newcomer would get
wrong: a port is in three settings (the listener, the address in links, the address tasks report to); change only the
first and every task fails. A variable AIRFLOW__* that is already set always wins.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from include.errors import ConfigError
from include.orchestration.launch.dotenv import load_dotenv
from include.orchestration.launch.keys import Keys, admin_password, load_keys
from include.orchestration.launch.metadata import ensure_migrated, metadata_url
from include.orchestration.launch.preload import LOCAL_SETTINGS
from include.settings import PROJECT_ROOT, Settings

LOOPBACK = "127.0.0.1"
_IMPORT_ROOTS = (str(PROJECT_ROOT), str(PROJECT_ROOT / "plugins"))


def local_settings() -> Settings:
    """Settings of this checkout: the environment, and `.env` for what the environment does not say."""
    load_dotenv(PROJECT_ROOT / ".env", os.environ)
    return Settings.from_environment()


def prepare_environment(settings: Settings) -> None:
    """Make this process and its children ready to import Airflow: folders, keys, metadata database, variables.

    Starts the embedded server where it is needed. Costs about 15 s the first time (Airflow makes its tables), well
    under a second later.

    Raises:
        ConfigError: something a person must mend, in one sentence.
        RuntimeError: Airflow was imported before, with another home: its settings can no longer be changed.
    """
    home = airflow_home(settings)
    if "airflow" in sys.modules and os.environ.get("AIRFLOW_HOME") != str(home):
        raise RuntimeError("call prepare_environment before anything imports airflow")
    _private_folder(home / "config")
    (home / "config" / "airflow_local_settings.py").write_text(LOCAL_SETTINGS, encoding="utf-8")
    admin_password(home)
    os.environ.update(
        airflow_environment(settings, load_keys(home), metadata_url(settings, os.environ), os.environ)
    )
    sys.path.extend(root for root in _IMPORT_ROOTS if root not in sys.path)
    ensure_migrated(home, os.environ)


def airflow_home(settings: Settings) -> Path:
    """Folder of Airflow's own files. Ours even where AIRFLOW_HOME is set: that one holds another Airflow's settings."""
    return settings.data_dir / "airflow"


def airflow_environment(
    settings: Settings, keys: Keys, metadata: str | None, environ: Mapping[str, str]
) -> dict[str, str]:
    """Variables to set on top of `environ`; changes nothing.

    Args:
        settings: of this installation.
        keys: secrets that the components share.
        metadata: SQLAlchemy URL of Airflow's database; None leaves it to what the user set.
        environ: what is set already; its AIRFLOW__* variables are not touched.
    """
    airflow = {**_core(settings, keys), **_api(keys, environ), **_LOGGING}
    if metadata is not None:
        airflow["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = metadata
    ours = {key: value for key, value in airflow.items() if key not in environ}
    return {**ours, **_surroundings(settings, environ)}


def ui_port(environ: Mapping[str, str]) -> int:
    """Port of UI and API: AIRFLOW__API__PORT, else CRM_UI_PORT, else 8080.

    Raises:
        ConfigError: it is not a port number.
    """
    value = environ.get("AIRFLOW__API__PORT") or environ.get("CRM_UI_PORT") or "8080"
    if not value.isascii() or not value.isdecimal() or not 0 < int(value) < 65536:
        raise ConfigError(
            "CRM_UI_PORT is not a port; set it to a number from 1 to 65535, or leave it out for 8080."
        )
    return int(value)


def _core(settings: Settings, keys: Keys) -> dict[str, str]:
    return {
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT_ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT_ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # All workers are forked at once, at about 30 MB each; a store is read by two tasks at a time anyway.
        "AIRFLOW__CORE__PARALLELISM": "4",
        # Started means scheduled: channels say what is read, not a switch that someone must find for each DAG.
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        # "Check connection" of a Magento connection answers from the UI; Airflow ships it disabled.
        "AIRFLOW__CORE__TEST_CONNECTION": "Enabled",
        "AIRFLOW__CORE__FERNET_KEY": keys.fernet_key,
        # Each parse of a file costs about half a second of one core, and an edit is seen within a minute.
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "60",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "60",
        "AIRFLOW__DAG_PROCESSOR__PRINT_STATS_INTERVAL": "600",
    }


def _api(keys: Keys, environ: Mapping[str, str]) -> dict[str, str]:
    address = f"http://{LOOPBACK}:{ui_port(environ)}"
    return {
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(ui_port(environ)),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__API__SECRET_KEY": keys.api_secret_key,
        "AIRFLOW__API_AUTH__JWT_SECRET": keys.jwt_secret,
    }


_LOGGING = {
    # Component logs go to files, where colour codes are noise.
    "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
    # zeep and its transport log whole envelopes at DEBUG: customers' data and the API key never reach a log that way.
    "AIRFLOW__LOGGING__NAMESPACE_LEVELS": "zeep=WARNING urllib3=WARNING httpx=WARNING great_expectations=WARNING",
}


def _surroundings(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """What is not Airflow's: always set, since children must agree with `settings` wherever those came from."""
    return {
        "AIRFLOW_HOME": str(airflow_home(settings)),
        "CRM_DATA_DIR": str(settings.data_dir),
        "CRM_CHANNELS_DIR": str(settings.channels_dir),
        "CRM_STAGING_URL": settings.staging_url,
        "CRM_EXPORT_URL": settings.export_url,
        "CRM_SUPPRESSIONS_URL": settings.suppressions_url,
        "CRM_DATA_DOCS_URL": settings.data_docs_url,
        "PYTHONPATH": _joined(_IMPORT_ROOTS, environ.get("PYTHONPATH"), os.pathsep),
        # Tasks report to the API server on loopback; a proxy of the office must not be asked to carry that.
        "NO_PROXY": _joined((LOOPBACK, "localhost"), environ.get("NO_PROXY") or environ.get("no_proxy"), ","),
        # Great Expectations sends usage events unless told not to.
        "GX_ANALYTICS_ENABLED": "False",
    }


def _joined(first: tuple[str, ...], present: str | None, separator: str) -> str:
    return separator.join(dict.fromkeys((*first, *filter(None, (present or "").split(separator)))))


def _private_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.parent.chmod(0o700)
    except OSError as error:
        sentence = f"{folder} cannot be made ({error.strerror}); set CRM_DATA_DIR to a folder of yours."
        raise ConfigError(sentence) from error
