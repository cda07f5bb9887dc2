"""One request as the REST endpoint takes it, without any HTTP around it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl

from include.demo_store.rest.problems import ApiProblem
from include.demo_store.rest.shapes import Json


@dataclass(frozen=True, kw_only=True)
class RestRequest:
    """What came in.

    Attributes:
        method: verb, in capitals.
        path: as it was sent.
        raw_query: behind the question mark, as it was sent.
        host: of the header, with its port.
        authorization: of the header, or blank.
        content_type: of the header, or blank.
        body: as it was sent.
    """

    method: str
    path: str
    raw_query: str
    host: str
    authorization: str = ""
    content_type: str = ""
    body: bytes = b""

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """The query, decoded."""
        return parse_qsl(self.raw_query, keep_blank_values=True)

    @cached_property
    def fields(self) -> str | None:
        """What of the answer is wanted; None for all of it."""
        return next((value for name, value in self.query if name == "fields"), None)

    @cached_property
    def json(self) -> Json:
        """The body.

        Raises:
            ApiProblem: it is no JSON object.
        """
        if not self.body:
            return {}
        if "json" not in self.content_type:
            said = f"Server cannot understand Content-Type HTTP header media type {self.content_type}"
            raise ApiProblem(400, said)
        try:
            given = json.loads(self.body)
        except ValueError:
            raise ApiProblem(400, "Decoding error.") from None
        return given if isinstance(given, dict) else {}
