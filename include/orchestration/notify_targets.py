"""Where notices go: a webhook, a mail address, or both; making the connection is what opts in.

    crm_notify_webhook   takes {"text": ...} by POST, as Slack, Mattermost, Teams and Google Chat do. `host` is the
                         address; `password` its secret end, if it has one; extra {"field": "content"} for Discord
    crm_notify_mail      of Airflow's type smtp, with "from_email" and "to_email" in its extra

An address of a webhook is a secret, so it is in no message and no log line.
"""

from __future__ import annotations

import html
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from airflow.sdk import Connection

from include.orchestration.resources import find_connection

if TYPE_CHECKING:
    from include.notices.notice import Notice

log = logging.getLogger(__name__)

Target = Callable[["Notice"], None]
WEBHOOK: Final = "crm_notify_webhook"
MAIL: Final = "crm_notify_mail"
_SECONDS = 15.0


def targets() -> Mapping[str, Target]:
    """The ways that are set up, by the name of their connection."""
    ways = {WEBHOOK: _post, MAIL: _mail}
    found = {name: find_connection(name) for name in ways}
    return {name: partial(ways[name], known) for name, known in found.items() if known is not None}


def send(known: Mapping[str, Target], notices: Iterable[Notice]) -> None:
    """Send each notice each way; one that fails stops neither the others nor the task that tells."""
    for notice in notices:
        for name, way in known.items():
            try:
                way(notice)
            except Exception as error:  # noqa: BLE001 - whatever a mail server or a proxy comes up with
                # Its text holds the address, and with it the secret.
                log.error("notices: %s could not be told (%s): check it", name, type(error).__name__)


def _post(connection: Connection, notice: Notice) -> None:
    import requests

    field = connection.extra_dejson.get("field", "text")
    answer = requests.post(
        webhook_address(connection), json={field: notice.text}, timeout=_SECONDS, allow_redirects=False
    )
    answer.raise_for_status()


def webhook_address(connection: Any) -> str:
    """The address, whether it was given whole as host, or as the URI https://host/path in AIRFLOW_CONN_..."""
    host = connection.host or ""
    if "://" not in host:
        scheme = connection.conn_type if connection.conn_type in ("http", "https") else "https"
        port = f":{connection.port}" if connection.port else ""
        host = f"{scheme}://{host}{port}/{connection.schema or ''}"
    return "/".join(filter(None, [host.rstrip("/"), connection.password]))


def _mail(connection: Connection, notice: Notice) -> None:
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier

    body = html.escape(notice.text).replace("\n", "<br>\n")
    # Called past its templates: a sentence with braces in it is text, not Jinja.
    SmtpNotifier(
        to=connection.extra_dejson.get("to_email", ""),
        subject=notice.title,
        html_content=body,
        smtp_conn_id=MAIL,
    ).notify({})
