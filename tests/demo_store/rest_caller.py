"""A bare REST client for the demo store: the project's own client must not be what its fake is tested with."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx

from include.demo_store import RunningStore
from include.demo_store.settings import ACCESS_TOKEN, CONSUMER_KEY, CONSUMER_SECRET, TOKEN_SECRET

Filter = tuple[str, str, str]
"""Field, condition type and value."""


@dataclass
class RestCaller:
    """Asks one store, with the access token alone."""

    store: RunningStore
    headers: dict[str, str] = field(default_factory=lambda: {"Authorization": f"Bearer {ACCESS_TOKEN}"})

    def get(self, path: str, *pairs: tuple[str, str], scope: str = "") -> httpx.Response:
        """A question with this query."""
        place = f"/{scope}" if scope else ""
        url = f"{self.store.url}{place}/V1/{path}"
        return httpx.get(url, params=list(pairs), headers=self.headers, timeout=30)

    def send(self, verb: str, path: str, body: Any = None, *, scope: str = "") -> httpx.Response:
        """A change."""
        place = f"/{scope}" if scope else ""
        url = f"{self.store.url}{place}/V1/{path}"
        return httpx.request(verb, url, json=body, headers=self.headers, timeout=30)

    def listed(
        self,
        path: str,
        *groups: Filter | list[Filter],
        size: int | None = None,
        page: int | None = None,
        sort: tuple[str, str] | None = None,
        fields: str | None = None,
    ) -> Any:
        """The answer to a list call; a group is one filter or several."""
        answer = self.get(path, *criteria(*groups, size=size, page=page, sort=sort, fields=fields))
        assert answer.status_code == 200, answer.text
        return answer.json()


def criteria(
    *groups: Filter | list[Filter],
    size: int | None = None,
    page: int | None = None,
    sort: tuple[str, str] | None = None,
    fields: str | None = None,
) -> list[tuple[str, str]]:
    """The query of a list call."""
    pairs = [("searchCriteria[pageSize]", str(size))] if size is not None else [("searchCriteria", "")]
    if page is not None:
        pairs.append(("searchCriteria[currentPage]", str(page)))
    if sort:
        start = "searchCriteria[sortOrders][0]"
        pairs += [(f"{start}[field]", sort[0]), (f"{start}[direction]", sort[1])]
    if fields:
        pairs.append(("fields", fields))
    return [*pairs, *_filters(groups)]


def _filters(groups: tuple[Filter | list[Filter], ...]) -> Iterator[tuple[str, str]]:
    for place, group in enumerate(groups):
        for number, (name, condition, value) in enumerate(group if isinstance(group, list) else [group]):
            start = f"searchCriteria[filter_groups][{place}][filters][{number}]"
            yield f"{start}[field]", name
            yield f"{start}[value]", value
            yield f"{start}[condition_type]", condition


_NONCES = count(1)


def signed(verb: str, url: str, query: list[tuple[str, str]], **changes: str) -> str:
    """An Authorization header by the rules of OAuth 1.0a, written down a second time."""
    given = {
        "oauth_consumer_key": CONSUMER_KEY, "oauth_token": ACCESS_TOKEN, "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": "1795326359", "oauth_nonce": f"n{next(_NONCES)}", "oauth_version": "1.0", **changes,
    }  # fmt: skip
    pairs = sorted((quote(n, "-._~"), quote(v, "-._~")) for n, v in [*query, *given.items()])
    joined = "&".join(f"{name}={value}" for name, value in pairs)
    text = "&".join(quote(part, "-._~") for part in (verb, url, joined))
    key = f"{CONSUMER_SECRET}&{TOKEN_SECRET}".encode()
    mac = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()
    told = {"oauth_signature": mac, **given}
    return "OAuth " + ",".join(f'{name}="{quote(value, "-._~")}"' for name, value in told.items())
