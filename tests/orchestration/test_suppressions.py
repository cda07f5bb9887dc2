from __future__ import annotations

import os
from pathlib import Path

import pytest

from include.demo_store.running import running_store
from include.identity.guest_keys import GuestKeys
from tests.orchestration.house import House

pytestmark = pytest.mark.slow

KEYS = GuestKeys(b"the same in every test")


def drop(house: House, name: str, content: str) -> None:
    path = house.folder / "suppressions" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    os.utime(path, (0, 0))


def test_opt_out_files_are_taken_in_and_a_wrong_one_turns_the_run_red(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CRM_SUPPRESSIONS_URL", f"file://{house.folder}/suppressions")
    drop(house, "zelda@quux.example.csv", "Email,Reason\nzelda@quux.example,SPAM_COMPLAINT\n")
    drop(house, "wrong.csv", "Email,Reason\nquux\n")
    run = house.run("maintain_suppressions")
    assert (run.state, len(run.sentences), run.events["marketing.suppressions"]) == ("failed", 1, 1)
    assert "Line 2 has 1 cells where the header has 2" in run.sentences[0]
    known = house.rows("select address_hash, reason, source from marketing.suppressions")
    assert known == [(KEYS.email_hash("zelda@quux.example"), "complained", "klaviyo")]
    assert "quux" not in caplog.text + str(run.sentences)
    left = sorted(path.parent.name for path in (house.folder / "suppressions").rglob("*") if path.is_file())
    assert left == ["refused", "refused"]
    assert Path(house.folder / "suppressions" / "refused").stat().st_mode & 0o077 == 0
    again = house.run("maintain_suppressions")
    assert (again.state, again.states["tell_readers"]) == ("success", "skipped")


def test_unsubscribe_of_a_file_reaches_the_store(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_SUPPRESSIONS_URL", f"file://{house.folder}/suppressions")
    with running_store(customers=12, orders=2) as store:
        told = {"enabled": True, "unsubscribe_suppressed": True}
        house.channel("demo", store, entities=["newsletter_subscribers"], two_way=told)
        house.sync("newsletter_subscribers")
        of_list = "from crm.newsletter_subscribers where"
        email = house.rows(f"select email_normalised {of_list} status = 'subscribed' order by 1 limit 1")[0][
            0
        ]
        theirs = f"select newsletter_subscriber_id, status {of_list} email_normalised = :email"
        numbers = [row.newsletter_subscriber_id for row in house.rows(theirs, email=email)]
        drop(house, "left.csv", f"Email\n{email.upper()}\n")
        run = house.run("maintain_suppressions")
        sent = house.run("write_back_outbox")
        entries = [store.shop.subscriber(number) for number in numbers]
    assert (run.events["crm.outbox"], run.results["tell_stores"]["return_value"]) == (1, len(numbers))
    assert sent.events["crm.newsletter_subscribers"] == 1
    assert [entry and entry["subscriber_status"] for entry in entries] == ["3"] * len(numbers)
    assert {row.status for row in house.rows(theirs, email=email)} == {"unsubscribed"}
