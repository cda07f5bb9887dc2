"""What is made new or taken away: once, also where an answer was lost after it was made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from include.magento.door import children
from include.magento.faults import OutcomeUnknown, WriteRefused
from include.magento.writing import CommentOrder, CreateAddress, DeleteAddress, UpdateAddress
from include.suppressions.suppressing import suppress
from tests.suppressions.addresses import NOW, opt_out
from tests.sync.records import customer, order
from tests.sync.shop import Shop
from tests.write_back.test_sender import MINUTE, Bench, TwoWayStore, times_out

HOME = {
    "first_name": "Ada",
    "last_name": "King",
    "street": "1 High St\nFlat 2",
    "city": "Ware 😀",
    "country_code": "GB",
    "telephone": "1",
}
NEW = {"email": "new@b.example", "first_name": "A", "last_name": "B", "website_id": 1, "store_id": 1}
COMMENT = {"comment_text": "Called,\r\nall is well", "is_customer_notified": True}


@pytest.fixture
def bench(crm: Shop) -> Bench:
    book: list[Any] = [{"customer_address_id": "50", "country_id": "GB", "firstname": "Ada", "city": "Ware"}]
    return Bench(crm, TwoWayStore(records=[customer(5, addresses=book)]))


def count_of(bench: Bench, kind: str) -> int:
    """How many of what the kind makes are in the store."""
    if kind == "customer_create":
        return len(bench.store.records)
    part = "addresses" if kind == "address_create" else "status_history"
    return len(children(bench.store.records[0], part))


@pytest.mark.parametrize("was_done", [True, False])
def test_lost_answer_leads_to_one_of_each_and_not_to_two(bench: Bench, was_done: bool) -> None:
    for kind, target, wanted in (
        ("address_create", "us:5", HOME),
        ("customer_create", "us", NEW),
        ("order_comment", "us:1", COMMENT),
    ):
        bench.store.records[:] = [order(1)] if kind == "order_comment" else [customer(5, addresses=[])]
        before = count_of(bench, kind)
        setattr(bench.store, "after" if was_done else "before", times_out)
        bench.ask(wanted, target, kind)
        assert bench.send() == {"unknown": 1}, kind
        bench.store.before = bench.store.after = lambda: None
        bench.at += 15 * MINUTE
        assert bench.send() == {"done": 1}, kind
        assert count_of(bench, kind) == before + 1, kind
    keys = bench.crm.rows("select result_json ->> 'new_key' from crm.outbox order by outbox_id")
    assert keys == ["us:51", "us:51", None]


def test_comment_asked_for_twice_is_written_twice_with_the_status_as_it_is(bench: Bench) -> None:
    bench.store.records[:] = [order(1, status="on_its_way")]
    for _ in range(2):
        bench.ask(COMMENT, "us:1", "order_comment")
    assert bench.send() == {"done": 2}
    assert [(c.status, c.is_notified) for c in bench.store.written if isinstance(c, CommentOrder)] == [
        ("on_its_way", True)
    ] * 2


def test_address_is_merged_written_and_taken_away(bench: Bench) -> None:
    bench.ask({"city": "Hertford", "postcode": None, "is_default_billing": True}, "us:50", "address_update",
              base={"city": "Ware", "postcode": "SG12", "is_default_billing": False})  # fmt: skip
    bench.store.records[0]["addresses"] = [
        {
            "customer_address_id": "50",
            "country_id": "GB",
            "city": "Ware",
            "postcode": "X",
            "is_default_billing": "false",
        }
    ]
    assert bench.send() == {"done": 1}
    bench.ask({}, "us:50", "address_delete")
    bench.ask({}, "us:50", "address_delete")
    bench.ask({"city": "Ware"}, "us:50", "address_update")
    assert bench.send() == {"done": 2, "rejected": 1}
    fields = {
        "city": "Hertford",
        "is_default_billing": "1",
    }  # the store had changed the postcode, and has priority
    assert bench.store.written == [
        UpdateAddress(customer_id=5, address_id=50, fields=fields),
        DeleteAddress(customer_id=5, address_id=50),
    ]


def test_new_address_is_written_with_the_stores_names(bench: Bench) -> None:
    bench.ask({k: v for k, v in HOME.items() if k != "city"} | {"city": "Ware"}, "us:5", "address_create")
    assert [fields for _, fields in bench.sender().preview()] == [sorted(HOME)]
    states, touched = bench.sender().work_off()
    assert (dict(states), touched) == ({"done": 1}, {("customers", 5)})
    (change,) = bench.store.written
    assert isinstance(change, CreateAddress)
    assert change.fields["country_id"] == "GB"
    assert change.fields["street"] == "1 High St\nFlat 2"


def test_new_customer_is_read_again_and_a_taken_address_is_refused(bench: Bench) -> None:
    bench.ask(NEW, "us", "customer_create")
    states, touched = bench.sender().work_off()
    assert (dict(states), touched) == ({"done": 1}, {("customers", 51)})
    bench.ask(NEW, "us", "customer_create")
    assert bench.send() == {"rejected": 1}
    assert len(bench.store.written) == 1


def test_somebody_who_took_the_address_meanwhile_is_not_taken_for_the_customer_that_was_asked_for(
    bench: Bench,
) -> None:
    def registers(error: Exception) -> Callable[[], None]:
        def does() -> None:
            bench.store.records.append(customer(6, email="new@b.example", firstname="Somebody", lastname="B"))
            raise error

        return does

    for error, first in ((WriteRefused("It is taken."), "rejected"), (OutcomeUnknown("Lost."), "unknown")):
        bench.store.before = registers(error)
        number = bench.ask(NEW, "us", "customer_create")
        assert bench.send() == {first: 1}
        assert (bench.entry(number).sent_at is None) == (first == "rejected")
        bench.store.before = lambda: None
        if first == "rejected":
            bench.crm.execute("select crm.decide_change(:n, 'retry')", n=number)
        bench.at += 16 * MINUTE
        assert bench.send() == {"rejected": 1}
        assert "Another customer of the store (6)" in bench.entry(number).last_error
        bench.store.records.pop()


def test_new_customer_whom_the_store_kept_otherwise_is_told_of(bench: Bench) -> None:
    bench.store.after = lambda: bench.store.records[-1].update(website_id="2")
    number = bench.ask(NEW, "us", "customer_create")
    assert bench.send() == {"done": 1}
    assert "something else in website_id" in bench.entry(number).last_error
    assert bench.entry(number).result_json["differs"] == ["website_id"]


def test_address_that_the_store_kept_otherwise_is_told_of_and_not_made_again(bench: Bench) -> None:
    bench.store.after = lambda: children(bench.store.records[0], "addresses")[-1].update(telephone="+44 1")
    number = bench.ask(HOME, "us:5", "address_create")
    assert bench.send() == {"done": 1}
    assert "made 51 and holds something else in telephone" in bench.entry(number).last_error
    assert bench.entry(number).result_json["new_key"] == "us:51"


def test_address_that_the_store_kept_otherwise_is_found_after_a_lost_answer(bench: Bench) -> None:
    def is_lost() -> None:
        children(bench.store.records[0], "addresses")[-1].update(telephone="+44 1")
        times_out()

    bench.store.after = is_lost
    number = bench.ask(HOME, "us:5", "address_create")
    assert bench.send() == {"unknown": 1}
    bench.store.after = lambda: None
    bench.at += 15 * MINUTE
    assert bench.send() == {"done": 1}
    assert len(bench.store.written) == 1
    assert bench.entry(number).result_json["differs"] == ["telephone"]


def test_comment_that_the_store_shows_otherwise_is_told_of_and_not_written_again(bench: Bench) -> None:
    bench.store.records[:] = [order(1)]
    bench.store.after = lambda: children(bench.store.records[0], "status_history")[0].update(
        comment="Removed"
    )
    number = bench.ask({"comment_text": "Called"}, "us:1", "order_comment")
    assert bench.send() == {"done": 1}
    assert "shows it otherwise" in bench.entry(number).last_error


@pytest.mark.parametrize("kept", ["&lt;b&gt;Don&#039;t call&lt;/b&gt; ????", "Don't call"])
def test_comment_that_the_store_escaped_or_stripped_is_found_after_a_lost_answer(
    bench: Bench, kept: str
) -> None:
    def is_lost() -> None:
        children(bench.store.records[0], "status_history")[0].update(comment=kept)
        times_out()

    bench.store.records[:] = [order(1)]
    bench.store.after = is_lost
    bench.ask({"comment_text": "<b>Don't call</b> 😀"}, "us:1", "order_comment")
    assert bench.send() == {"unknown": 1}
    bench.store.after = lambda: None
    bench.at += 15 * MINUTE
    assert bench.send() == {"done": 1}
    assert len(bench.store.written) == 1


def test_customer_who_unsubscribed_meanwhile_is_not_subscribed_over_their_no(bench: Bench) -> None:
    bench.ask({}, "us:5", "newsletter_create")
    bench.store.records.append({"subscriber_id": "8", "customer_id": "5", "subscriber_status": "3"})
    assert bench.send() == {"rejected": 1}
    assert bench.store.written == []


def test_customer_who_opted_out_is_not_subscribed(bench: Bench) -> None:
    number = bench.ask({}, "us:5", "newsletter_create")
    with bench.crm.engine.begin() as connection:
        suppress(connection, [opt_out("person5")], source="klaviyo", now=NOW)
    assert bench.send() == {"rejected": 1}
    assert "opt-out in marketing.suppressions holds" in bench.entry(number).last_error
    assert bench.store.written == []


def test_change_that_the_store_made_in_part_says_which_part(bench: Bench) -> None:
    number = bench.ask({"city": "Rome", "street": "Row 2\r\nBack"}, "us:50", "address_update")
    bench.store.after = lambda: children(bench.store.records[0], "addresses")[0].update(city="????")
    assert bench.send() == {"rejected": 1}
    written = UpdateAddress(customer_id=5, address_id=50, fields={"city": "Rome", "street": "Row 2\nBack"})
    assert bench.store.written == [written]
    assert bench.entry(number).result_json == {"written": ["street"], "differs": ["city"]}
    assert bench.entry(number).last_error.endswith("something else in city; street is written.")


def test_address_that_shall_lose_its_default_role_is_refused_before_anything_is_written(bench: Bench) -> None:
    children(bench.store.records[0], "addresses")[0]["is_default_billing"] = "true"
    bench.ask({"city": "Rome", "is_default_billing": False}, "us:50", "address_update",
              base={"city": "Ware", "is_default_billing": True})  # fmt: skip
    assert bench.send() == {"rejected": 1}
    assert bench.store.written == []


def test_customer_is_subscribed_with_an_entry_that_is_there_or_a_new_one(bench: Bench) -> None:
    bench.ask({}, "us:5", "newsletter_create")
    states, touched = bench.sender().work_off()
    assert (dict(states), touched) == ({"done": 1}, {("newsletter_subscribers", 51)})
    bench.ask({}, "us:5", "newsletter_create")
    assert bench.send() == {"done": 1}
    assert [type(change).__name__ for change in bench.store.written] == ["CreateSubscription"]
