from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.errors import ConfigError
from include.identity.guest_keys import HASH_LENGTH, KEY_FILE, GuestKeys, assure_same_secret, guest_keys
from include.settings import Settings
from tests.sync.shop import Shop

KEYS = GuestKeys(b"a secret")


def key(keys: GuestKeys = KEYS, channel: str = "us", **changes: str | None) -> str:
    known: dict[str, str | None] = {"website_id": "1", "email": "ada@example.com", "name": None}
    return keys.key(channel, **(known | changes))  # type: ignore[arg-type]


@pytest.fixture
def installation(tmp_path: Path) -> Settings:
    return replace(Settings.from_environment({}), data_dir=tmp_path / "data", identity_key=None)


def test_same_secret_makes_the_same_key_in_any_process() -> None:
    assert key() == key(GuestKeys(b"a secret"))
    # Written down once: keys must survive every release, or all guests change theirs.
    assert key() == "us:guest:961e97e148f30f545e93a8b5"
    assert len(key()) == len("us:guest:") + HASH_LENGTH


def test_number_is_below_zero_fits_a_bigint_and_tells_lists_apart() -> None:
    of = [("us", "1"), ("us", "2"), ("us", None), ("uk", "1")]
    numbers = [KEYS.number(channel, store_id=store, email="ada@example.com") for channel, store in of]
    assert len(set(numbers)) == len(of)
    assert all(-(2**63) < number < 0 for number in numbers)
    # Written down once, as the key above.
    assert numbers[0] == -484708259619566405
    assert GuestKeys(b"another secret").number("us", store_id="1", email="ada@example.com") != numbers[0]


def test_another_secret_makes_another_key() -> None:
    assert key(GuestKeys(b"another secret")) != key()
    assert GuestKeys(b"another secret").fingerprint() != KEYS.fingerprint()


def test_each_part_counts() -> None:
    others = [
        key(channel="uk"),
        key(website_id="2"),
        key(website_id=None),
        key(email="bob@example.com"),
        key(name="ada"),
    ]
    assert len({key(), *others}) == 6


@given(*[st.text(max_size=3)] * 4)
def test_parts_never_run_into_one_another(website: str, email: str, name: str, moved: str) -> None:
    if moved and "\x1f" not in website + email + name + moved:
        assert key(website_id=website, email=moved + email, name=name) != key(
            website_id=website + moved, email=email, name=name
        )


def test_key_says_nothing_of_the_person_and_the_object_nothing_of_the_secret() -> None:
    assert "ada" not in key()
    assert "secret" not in KEYS.fingerprint()
    for shown in (repr(KEYS), str(KEYS), f"{KEYS}", repr([KEYS])):
        assert "a secret" not in shown


def test_secret_of_the_environment_comes_first_and_makes_no_file(installation: Settings) -> None:
    keys = guest_keys(replace(installation, identity_key="from outside"))
    assert keys == GuestKeys(b"from outside")
    assert not installation.data_dir.exists()


def test_secret_is_made_once_and_kept_in_a_private_file(installation: Settings) -> None:
    first = guest_keys(installation)
    file = installation.data_dir / KEY_FILE
    assert guest_keys(installation) == first
    assert file.read_bytes() == first.secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(first.secret) == 64
    assert [path.name for path in installation.data_dir.iterdir()] == [KEY_FILE]


def test_two_installations_have_different_secrets(installation: Settings, tmp_path: Path) -> None:
    assert guest_keys(installation) != guest_keys(replace(installation, data_dir=tmp_path / "other"))


def test_line_break_that_an_editor_added_does_not_matter(installation: Settings) -> None:
    first = guest_keys(installation)
    file = installation.data_dir / KEY_FILE
    file.write_bytes(file.read_bytes() + b"\n")
    assert guest_keys(installation) == first


def test_empty_key_file_is_refused_instead_of_keying_with_nothing(installation: Settings) -> None:
    installation.data_dir.mkdir()
    (installation.data_dir / KEY_FILE).touch()
    with pytest.raises(
        ConfigError, match=rf"{KEY_FILE} is empty: put the secret back .+ or set CRM_IDENTITY_KEY"
    ):
        guest_keys(installation)


def test_tasks_that_start_at_once_agree_on_one_secret(tmp_path: Path, installation: Settings) -> None:
    for attempt in range(20):
        settings = replace(installation, data_dir=tmp_path / str(attempt))
        barrier = Barrier(4)

        def start(_: int, settings: Settings = settings, barrier: Barrier = barrier) -> bytes:
            barrier.wait(timeout=30)
            return guest_keys(settings).secret

        with ThreadPoolExecutor(4) as pool:
            secrets = set(pool.map(start, range(4)))
        assert len(secrets) == 1
        assert b"" not in secrets


def used(shop: Shop, keys: GuestKeys) -> None:
    with shop.engine.begin() as connection:
        assure_same_secret(connection, keys)


def test_warehouse_remembers_the_first_secret_and_refuses_another_with_a_sentence(shop: Shop) -> None:
    used(shop, KEYS)
    used(shop, KEYS)
    with pytest.raises(
        ConfigError, match=r"made with another secret: set CRM_IDENTITY_KEY .+ identity\.key file back"
    ) as refusal:
        used(shop, GuestKeys(b"another secret"))
    assert "another secret." not in refusal.value.summary
    used(shop, KEYS)
    assert shop.rows("select purpose, fingerprint from ops.identity_keys") == [
        ("guest_keys", KEYS.fingerprint())
    ]


@pytest.fixture(autouse=True)
def no_secret_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_IDENTITY_KEY", raising=False)
