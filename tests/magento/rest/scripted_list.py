"""A list of a few rows behind a scripted Magento 2 store, for what the recorded one cannot be made to do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx

from include.magento.rest import open_door
from include.magento.rest.address import BearerToken, Credentials, OAuthKeys, RestAddress
from include.magento.rest.client import RestDoor
from include.magento.rest.reading import RestReading

ORDERS = RestReading(path="orders", resource="Magento_Sales::actions_view")
HERE = "http://127.0.0.1:1/rest"
RestAddressWithBasic = RestAddress(
    url=HERE,
    credentials=OAuthKeys(consumer_key="ck", consumer_secret="cs", token="tk", token_secret="ts"),
    http_user="hut",
    http_password="mit",
)


def door_to(
    answer: Callable[[httpx.Request], httpx.Response], credentials: Credentials | None = None
) -> RestDoor:
    """A door whose requests are answered by a function."""
    address = RestAddress(url=HERE, credentials=credentials or BearerToken(token="tk"))
    return open_door(address, sleep=lambda _: None, transport=httpx.MockTransport(answer))


def conditions(request: httpx.Request) -> dict[tuple[str, str], str]:
    """The value by field and condition of a request, one filter a group."""
    given = dict(parse_qsl(request.url.query.decode()))
    found = {}
    for name, value in given.items():
        if place := re.fullmatch(r"searchCriteria\[filter_groups\]\[(\d+)\]\[filters\]\[0\]\[field\]", name):
            start = name.removesuffix("[field]")
            found[value, given[f"{start}[condition_type]"]] = given[f"{start}[value]"]
            assert place[1].isdigit()
    return found


@dataclass
class ScriptedList:
    """Orders 1 to `most`; some break every page they are on, some are counted but never listed.

    Attributes:
        broken: ids whose page fails with HTTP 500.
        hidden: ids that are counted and not listed.
        limit: largest page that is answered; larger ones run out of memory.
        asked: the requests so far.
    """

    most: int = 30
    broken: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()
    limit: int = 1000
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        self.asked.append(request)
        wanted = conditions(request)
        low = int(wanted.get(("entity_id", "gt"), 0))
        high = int(wanted.get(("entity_id", "lteq"), self.most))
        ids = [n for n in range(low + 1, min(high, self.most) + 1) if ("entity_id", "eq") not in wanted]
        given = dict(parse_qsl(request.url.query.decode()))
        size = int(given["searchCriteria[pageSize]"])
        ids.sort(reverse=given["searchCriteria[sortOrders][0][direction]"] == "DESC")
        page = [n for n in ids if n not in self.hidden][:size]
        if self.broken.intersection(page) or size > self.limit:
            return httpx.Response(500, json={"message": "Internal Error. Report ID: webapi-1"})
        return answer_of([{"entity_id": n} for n in page], len(ids))


def answer_of(items: list[dict[str, object]], total: int) -> httpx.Response:
    """A list's answer."""
    body = json.dumps({"items": items, "search_criteria": {}, "total_count": total})
    return httpx.Response(200, content=body, headers={"Content-Type": "application/json"})
