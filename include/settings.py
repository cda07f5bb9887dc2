"""Where things live, from the environment: every setting is optional and documented in `.env.example`.

Read once per process with `Settings.from_environment()`. Addresses and secrets are not here: they are Airflow
connections (`crm_warehouse`, one per channel).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Folders and URLs of one installation.

    Attributes:
        data_dir: absolute folder of everything the project keeps locally (server, staging, exports, logs).
        channels_dir: absolute folder with the channel files (`*.yml`).
        staging_url: where windows are staged; any URL Airflow's object storage understands.
        export_url: where segment files are delivered.
        suppressions_url: where opt-out files are dropped.
        keeps_opt_out_files: whether those that were taken in are kept.
        data_docs_url: where the pages about the checks of each run are written.
        identity_key: secret for guest keys; None means the key file below `data_dir`.
    """

    data_dir: Path
    channels_dir: Path
    staging_url: str
    export_url: str
    suppressions_url: str
    keeps_opt_out_files: bool
    data_docs_url: str
    identity_key: str | None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the `CRM_*` variables; relative folders count from the project root."""
        env = os.environ if environ is None else environ
        data_dir = _folder(env.get("CRM_DATA_DIR") or ".data")
        return cls(
            data_dir=data_dir,
            channels_dir=_folder(env.get("CRM_CHANNELS_DIR") or "include/channels"),
            staging_url=env.get("CRM_STAGING_URL") or f"file://{data_dir}/staging",
            export_url=env.get("CRM_EXPORT_URL") or f"file://{data_dir}/exports",
            suppressions_url=env.get("CRM_SUPPRESSIONS_URL") or f"file://{data_dir}/suppressions",
            keeps_opt_out_files=env.get("CRM_KEEP_OPT_OUT_FILES", "").strip().lower() in ("1", "true", "yes"),
            data_docs_url=env.get("CRM_DATA_DOCS_URL") or f"file://{data_dir}/data_docs",
            identity_key=env.get("CRM_IDENTITY_KEY") or None,
        )


def _folder(value: str) -> Path:
    return (PROJECT_ROOT / Path(value).expanduser()).resolve()
