"""An installation of its own below a temporary folder, worked with by the commands a person types."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine, text

from include.demo_store.running import RunningStore
from include.settings import PROJECT_ROOT

RUN = (sys.executable, "-m", "include.orchestration.launch.run")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A command that is over: its exit status, what stood on the screen, and the log it left."""

    status: int
    screen: str
    log: str


@dataclass(slots=True, kw_only=True)
class Installation:
    """Channels, warehouse and environment.

    Attributes:
        folder: everything of this installation.
        engine: its warehouse.
        variables: environment that names Airflow's database, which is shared by the session's installations.
    """

    folder: Path
    engine: Engine
    variables: Mapping[str, str]
    added: dict[str, str] = field(default_factory=dict)

    def prepare(self) -> None:
        """Make the folders; Airflow's tables are there already, which its home is told."""
        (self.folder / "channels").mkdir()
        home = self.folder / "data" / "airflow"
        home.mkdir(parents=True)
        shutil.copy(Path(self.variables["AIRFLOW_HOME"]) / "migrated.json", home)

    @property
    def exports(self) -> Path:
        """Where segment files are delivered."""
        return self.folder / "data" / "exports"

    def channel(self, code: str, connection: Mapping[str, Any] | None, **settings: Any) -> None:
        """Add a channel file and, unless None, the connection it names."""
        known = {
            "code": code,
            "name": f"Shop {code}",
            "kind": "magento1",
            "connection_id": f"magento_{code}",
            "timezone": "Europe/Berlin",
            "reporting_currency": "EUR",
        }
        (self.folder / "channels" / f"{code}.yml").write_text(yaml.safe_dump(known | settings))
        if connection is not None:
            self.added[f"AIRFLOW_CONN_MAGENTO_{code.upper()}"] = json.dumps(connection)

    def environment(self, **changes: str) -> dict[str, str]:
        """What a command finds in the environment."""
        url = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "CRM_"))}
        ours = {
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": self.variables["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"],
            "AIRFLOW_CONN_CRM_WAREHOUSE": url,
            "CRM_DATA_DIR": str(self.folder / "data"),
            "CRM_CHANNELS_DIR": str(self.folder / "channels"),
            "CRM_IDENTITY_KEY": "the same in every test",
            "PYTHONPATH": os.pathsep.join(map(str, (PROJECT_ROOT, PROJECT_ROOT / "plugins"))),
        }
        return kept | ours | self.added | changes

    def run(self, *arguments: str, command: Sequence[str] = RUN, **changes: str) -> Ended:
        """Type a command and wait for its end."""
        done = subprocess.run(
            [*command, *arguments],
            cwd=PROJECT_ROOT,
            env=self.environment(**changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        log = self.folder / "data" / "logs" / "run.log"
        return Ended(status=done.returncode, screen=done.stdout, log=log.read_text() if log.exists() else "")

    def rows(self, statement: str, **values: Any) -> Sequence[Any]:
        """What the warehouse answers."""
        with self.engine.connect() as connection:
            return connection.execute(text(statement), values).all()


def connection(store: RunningStore, **changes: Any) -> dict[str, Any]:
    """The Airflow connection of a demo store."""
    return {"conn_type": "magento", "host": store.url, "login": store.user, "password": store.key} | changes
