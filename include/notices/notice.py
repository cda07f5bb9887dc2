"""A notice: one thing that a person should know, in one sentence, with the place to look at.

It leaves the house by mail or chat, so it holds what an error's sentence may hold and nothing else: no payload, no
personal data, no secret.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a person is told.

    Attributes:
        subject: what it is about, stable while the trouble lasts: `sync_orders`, `stale:us:orders`.
        sentence: what is wrong and what to do.
        channel_code: the channel, where there is one.
        entity: the entity, where there is one.
        link: address in Airflow's UI, where there is one.
        is_good: the trouble is over.
    """

    subject: str
    sentence: str
    channel_code: str | None = None
    entity: str | None = None
    link: str | None = None
    is_good: bool = False

    @property
    def title(self) -> str:
        """One line, as a mail's subject."""
        about = " ".join(filter(None, [self.channel_code, self.entity])) or self.subject
        return f"CRM warehouse, {about}: {'well again' if self.is_good else 'needs attention'}"

    @property
    def text(self) -> str:
        """The whole, as plain lines."""
        facts = {"Channel": self.channel_code, "Entity": self.entity, "Look at": self.link}
        lines = [f"{name}: {value}" for name, value in facts.items() if value]
        return "\n".join([self.title, self.sentence, *lines])
