"""Mail with the manifest: people learn that there is a file, how large it is and where it went. Never with rows."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType
from typing import IO, Self

from include.delivery.place import telling

_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAddress:
    """A mail server and who is written to.

    Attributes:
        host: the server.
        port: its port.
        user: login; None: it asks for none.
        password: of the user.
        sender: From.
        recipients: To, parted by commas.
        tls: implicit (from the first byte), starttls, or none.
    """

    host: str
    port: int
    sender: str
    recipients: str
    tls: str = "implicit"
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


class MailPlace:
    """People who are written to."""

    takes_rows = False

    def __init__(self, conn_id: str, address: MailAddress) -> None:
        self._conn_id, self._address = conn_id, address

    def put(self, name: str, source: IO[bytes], byte_count: int) -> None:
        """Send it as the text of a mail."""
        message = EmailMessage()
        message["From"], message["To"] = self._address.sender, self._address.recipients
        message["Subject"] = f"New segment file: {name}"
        message.set_content(source.read().decode())
        refused = (
            smtplib.SMTPAuthenticationError,
            smtplib.SMTPRecipientsRefused,
            smtplib.SMTPSenderRefused,
            ssl.SSLCertVerificationError,
        )
        mend = "check host, port, login, from_email and to_email"
        broken = (smtplib.SMTPException, OSError)
        with telling(self._conn_id, refused=refused, broken=broken, mend=mend), self._open() as server:
            if self._address.user:
                server.login(self._address.user, self._address.password or "")
            server.send_message(message)

    def _open(self) -> smtplib.SMTP:
        address, context = self._address, ssl.create_default_context()
        if address.tls == "implicit":
            return smtplib.SMTP_SSL(address.host, address.port, timeout=_SECONDS, context=context)
        server = smtplib.SMTP(address.host, address.port, timeout=_SECONDS)
        if address.tls == "starttls":
            server.starttls(context=context)
        return server

    def __enter__(self) -> Self:
        """Each mail is a conversation of its own."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open."""
