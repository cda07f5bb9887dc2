from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import Engine, text

from include.errors import ConfigError, DataError, SyncError, TransientError

pytestmark = pytest.mark.usefixtures("airflow_here")


@pytest.mark.parametrize(
    ("errors", "is_retried"),
    [
        ([TransientError("The store is down: run again later.")], True),
        ([ConfigError("The key is wrong: correct it.")], False),
        ([DataError("The rows are wrong: mend them.")], False),
        (
            [
                ConfigError("The key is wrong: correct it."),
                TransientError("The store is down: run again later."),
            ],
            True,
        ),
    ],
)
def test_only_what_may_pass_is_retried(errors: list[SyncError], is_retried: bool) -> None:
    from airflow.sdk.exceptions import AirflowException, AirflowFailException

    from include.orchestration.failures import fail

    with pytest.raises(AirflowException) as caught:
        fail(errors)
    assert isinstance(caught.value, AirflowFailException) != is_retried
    assert str(caught.value) == " ".join(error.summary for error in errors)


def test_a_task_says_its_sentence_for_the_end_of_the_run() -> None:
    from airflow.sdk.exceptions import AirflowException

    from include.orchestration import failures

    failures.said.clear()
    with (
        pytest.raises(AirflowException, match=r"^The key is wrong: correct it\.$") as caught,
        failures.spoken(),
    ):
        raise ConfigError("The key is wrong: correct it.")
    assert failures.said == ["The key is wrong: correct it."]
    assert caught.value.__suppress_context__


def ask(engine: Engine, *statements: str) -> None:
    """As a task would, in one transaction."""
    from include.orchestration.failures import spoken

    with spoken(), engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def ask_the_driver(engine: Engine, statement: str) -> None:
    """As COPY does, past SQLAlchemy."""
    from include.orchestration.failures import spoken

    with spoken(), engine.begin() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        driver.execute(statement)


@pytest.mark.parametrize("way", [ask, ask_the_driver])
def test_what_the_warehouse_says_of_values_is_not_repeated(
    database: Engine, way: Callable[[Engine, str], None]
) -> None:
    from airflow.sdk.exceptions import AirflowException

    with pytest.raises(AirflowException, match="InvalidTextRepresentation, SQLSTATE 22P02") as caught:
        way(database, "select 'jane@example.com'::integer")
    assert "jane" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_lost_connection_may_pass(database: Engine) -> None:
    from airflow.sdk.exceptions import AirflowException, AirflowFailException

    with pytest.raises(AirflowException, match="broke off") as caught:
        ask(database, "select pg_terminate_backend(pg_backend_pid())")
    assert not isinstance(caught.value, AirflowFailException)


def test_a_missing_right_needs_a_person(database: Engine) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    with pytest.raises(AirflowFailException, match="crm_loader"):
        ask(database, "create table mine (id integer)", "set role pg_monitor", "select * from mine")
