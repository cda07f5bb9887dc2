"""From members to files at a destination, and the question about a segment that is larger than expected."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from sqlalchemy import select

from include.approvals.questions import Held, hold
from include.segments import loading
from include.segments.loading import Segment
from include.segments.sizes import Size
from tests.orchestration.house import House
from tests.segments.exporting import add_person, make_segment
from tests.sql.sample_warehouse import add_rows

pytestmark = pytest.mark.slow

ASK = "ask_and_send.check_with_a_person[0]"
DELIVERED = "select distinct destination, file_name from marketing.deliveries"


@pytest.fixture
def shop(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Three subscribers, whose segment goes to a folder of somebody's tool."""
    add_rows(house.engine, {"ops.channels": [{"channel_code": "main"}]})
    for number in range(3):
        add_person(house.engine, number, f"{number}@example.com")
    path = f'{{"conn_type": "fs", "extra": {{"path": "{house.folder}/tool"}}}}'
    monkeypatch.setenv("AIRFLOW_CONN_TOOL", path)
    return house


def held_for(made: Segment) -> Held:
    """The question about its three members."""
    size = Size(what="members", count=3, minimum=900, maximum=1000)
    return Held(segment_name=made.name, definition_hash=made.table.basis_hash, sizes=(size,))


def expect(patched: pytest.MonkeyPatch, minimum: int, maximum: int) -> Segment:
    """Have the only segment say that so many are expected."""
    size = {"minimum": minimum, "maximum": maximum}
    made = make_segment(destinations=["export_root", "tool"], expected_size=size)
    patched.setattr(loading, "get_segment", lambda name: made)
    patched.setattr(loading, "load_segments", lambda: loading.SegmentSet({made.name: made}, ()))
    return made


@contextmanager
def answering(answer: str) -> Iterator[list[str]]:
    """Somebody who sits in front of Airflow and answers the next question; the subjects of what was asked."""
    asked: list[str] = []
    over = threading.Event()
    with ThreadPoolExecutor(1) as person:
        answered = person.submit(_answer, answer, asked, over)
        yield asked
        over.set()
        answered.result(10)


def _answer(answer: str, asked: list[str], over: threading.Event) -> None:
    from airflow.models.taskinstance import TaskInstance
    from airflow.utils.session import create_session
    from sqlalchemy.orm import joinedload

    question = select(TaskInstance).where(TaskInstance.state == "awaiting_input")
    while not over.is_set():
        with create_session() as session:
            waiting = session.scalar(question.options(joinedload(TaskInstance.hitl_detail)))
            if waiting is not None:
                asked.append(waiting.hitl_detail.subject)
                _respond(session, waiting, answer)
        time.sleep(0.05)


def _respond(session: Any, waiting: Any, answer: str) -> None:
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from airflow.api_fastapi.core_api.datamodels.hitl import UpdateHITLDetailPayload
    from airflow.api_fastapi.core_api.routes.public.hitl import update_hitl_detail

    update_hitl_detail(
        dag_id=waiting.dag_id,
        dag_run_id=waiting.run_id,
        task_id=waiting.task_id,
        update_hitl_detail_payload=UpdateHITLDetailPayload(chosen_options=[answer], params_input={}),
        user=SimpleAuthManagerUser(username="maya", role="admin"),
        session=session,
        map_index=waiting.map_index,
    )


def in_tool(house: House) -> list[str]:
    folder = house.folder / "tool"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_files_go_to_their_destination_once_and_an_unexpected_size_waits_for_a_yes(
    shop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = expect(monkeypatch, 900, 1000)
    held = shop.run("segment_files")
    assert (held.state, held.events["marketing.approvals"], in_tool(shop)) == ("success", 1, [])
    with answering("Reject") as asked:
        rejected = shop.run("segment_approval")
    assert (rejected.state, rejected.states[ASK], in_tool(shop)) == ("success", "success", [])
    assert asked == ["May segment everybody be sent? It has 3 members where 900 to 1000 are expected."]

    with shop.engine.begin() as connection:
        hold(connection, held_for(made), datetime.now(UTC))
    with answering("Approve"):
        approved = shop.run("segment_approval")
    assert approved.state == "success", approved.sentences
    said = "select decision, decided_by from marketing.approvals order by approval_id"
    assert shop.rows(said) == [("rejected", "maya"), ("approved", "maya")]
    names = in_tool(shop)
    assert {(row.destination, row.file_name) for row in shop.rows(DELIVERED)} == {("tool", n) for n in names}
    assert [name for name in names if name.endswith((".csv", ".json"))] == names != []
    assert shop.rows("select count(*) from marketing.exports where delivered_at is null") == [(0,)]

    again = shop.run("segment_files")
    assert (again.state, again.states["publish_questions"]) == ("success", "skipped")
    assert in_tool(shop) == names


def test_destination_that_fails_is_tried_again_with_the_files_that_are_there(
    shop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect(monkeypatch, 0, 1000)
    in_the_way = shop.folder / "tool"
    in_the_way.write_text("no folder")
    failed = shop.run("segment_files")
    assert (failed.state, failed.states["segment[0]"]) == ("failed", "failed")
    assert failed.titles["segment[0]"] == "everybody"
    assert "Connection tool" in " ".join(failed.sentences)
    in_the_way.unlink()
    again = shop.run("segment_files")
    assert (again.state, again.states["segment[0]"]) == ("success", "success"), again.sentences
    assert in_tool(shop)
    # Written once, and everywhere now.
    assert shop.rows("select count(*), count(delivered_at) from marketing.exports") == [(1, 1)]


def test_no_answer_in_time_is_no_and_said(house: House) -> None:
    from include.orchestration.approval import AskWhetherToSend
    from include.orchestration.failures import SaidFailure

    held = held_for(make_segment())
    with house.engine.begin() as connection:
        hold(connection, held, datetime.now(UTC))
    ask = AskWhetherToSend(task_id="check_with_a_person", question=asdict(held))
    with pytest.raises(SaidFailure, match="nobody answered in time, so it was not sent"):
        ask.execute_complete(cast("Any", {}), {"error": "too late", "error_type": "timeout"})
    said = "select decision, decided_by, member_count from marketing.approvals"
    assert house.rows(said) == [("unanswered", None, 3)]
