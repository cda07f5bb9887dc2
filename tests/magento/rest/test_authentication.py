"""Tokens that are fetched: renewed once when they run out, and refusals said in words a person can act on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs

import httpx
import pytest

from include.errors import ConfigError
from include.magento.door import IdRange
from include.magento.rest import open_door
from include.magento.rest.address import AdminLogin, Credentials, ImsClient, RestAddress
from include.magento.rest.client import RestDoor
from tests.magento.rest.scripted_list import HERE, ORDERS, answer_of, door_to

ADMIN = AdminLogin(user="crm", password="pw")
IMS = ImsClient(
    client_id="id", client_secret="secret", organisation="org@Adobe", url="http://127.0.0.1:2/ims"
)


def read(door: RestDoor) -> int:
    return len(list(door.rows(ORDERS, IdRange(low=0, high=9), page_size=9)))


class Login:
    """A store that gives out tokens which are good for a few requests."""

    def __init__(self, *, good_for: int = 2, answer: httpx.Response | None = None) -> None:
        self.tokens: list[str] = []
        self.seen: list[httpx.Request] = []
        self._good_for = good_for
        self._left = 0
        self._answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.seen.append(request)
            if self._answer is not None:
                return self._answer
            self.tokens.append(f"t{len(self.tokens)}")
            self._left = self._good_for
            return self._token()
        if request.headers["Authorization"] != f"Bearer {self.tokens[-1]}" or self._left <= 0:
            return httpx.Response(
                401, json={"message": "The consumer isn't authorized to access %resources."}
            )
        self._left -= 1
        self.seen.append(request)
        return answer_of([], 0)

    def _token(self) -> httpx.Response:
        return httpx.Response(200, json=self.tokens[-1])


class ImsLogin(Login):
    def _token(self) -> httpx.Response:
        return httpx.Response(200, json={"access_token": self.tokens[-1], "expires_in": 86399})


def test_admin_token_is_fetched_once_and_renewed_when_it_runs_out() -> None:
    store = Login(good_for=2)
    door = door_to(store, ADMIN)
    for _ in range(5):
        assert read(door) == 0
    assert store.tokens == ["t0", "t1", "t2"]
    assert json.loads(store.seen[0].content) == {"username": "crm", "password": "pw"}
    assert store.seen[0].url.path == "/rest/V1/integration/admin/token"


def test_token_that_is_refused_at_once_is_not_fetched_for_ever() -> None:
    store = Login(good_for=0)
    with pytest.raises(ConfigError, match="does not let the token"):
        read(door_to(store, ADMIN))
    assert len(store.tokens) == 1


@pytest.mark.parametrize(
    ("status", "message", "says"),
    [
        (401, "The account sign-in was incorrect.", "check login and password"),
        (400, "Please ask an administrator with sufficient access to configure 2FA first", "second factor"),
    ],
)
def test_login_that_is_refused_says_what_to_do(status: int, message: str, says: str) -> None:
    store = Login(answer=httpx.Response(status, json={"message": message}))
    with pytest.raises(ConfigError, match=says):
        read(door_to(store, ADMIN))


@pytest.mark.parametrize("status", [302, 401, 403, 404])
def test_page_in_place_of_the_login_is_no_refusal_of_it(status: int) -> None:
    store = Login(answer=httpx.Response(status, text="<html>Stop</html>"))
    with pytest.raises(ConfigError, match=f"HTTP {status}.*check its path") as refusal:
        read(door_to(store, ADMIN))
    assert "login and password" not in refusal.value.summary


@pytest.mark.parametrize("credentials", [ADMIN, IMS])
def test_login_has_the_time_limits_of_every_call(credentials: Credentials) -> None:
    store = ImsLogin() if isinstance(credentials, ImsClient) else Login()
    read(door_to(store, credentials))
    login, asked = store.seen
    assert login.extensions["timeout"] == asked.extensions["timeout"] != {}


def test_cloud_service_has_its_own_headers_and_no_store_in_the_address() -> None:
    store = ImsLogin()
    address = RestAddress(url="http://127.0.0.1:1/tenant", credentials=IMS)
    door = open_door(address, sleep=lambda _: None, transport=httpx.MockTransport(store))
    assert read(door) == 0
    login, asked = store.seen
    assert str(login.url) == IMS.url
    assert parse_qs(login.content.decode())["grant_type"] == ["client_credentials"]
    assert asked.url.path == "/tenant/V1/orders"
    assert "Store" not in asked.headers
    list(door.rows(replace(ORDERS, store="all"), IdRange(low=0, high=9), page_size=9))
    assert store.seen[-1].headers["Store"] == "all"
    assert asked.headers["x-api-key"] == "id"
    assert asked.headers["x-gw-ims-org-id"] == "org@Adobe"


@pytest.mark.parametrize("kind", [AdminLogin, ImsClient])
def test_secrets_stay_out_of_what_is_printed(kind: Callable[..., object]) -> None:
    assert "pw" not in repr(ADMIN)
    assert "secret" not in repr(IMS).replace("client_secret", "")
    assert HERE in repr(RestAddress(url=HERE, credentials=ADMIN))
