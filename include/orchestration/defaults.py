"""What all DAGs share: retries, tags, parameters, schedules. A contract test holds every DAG to it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from airflow.sdk import Asset, AssetAny, AssetOrTimeSchedule, CronTriggerTimetable, Param

# airflow.sdk has these too, but its type stub does not know.
from airflow.sdk.definitions.callback import SyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference

from include.entities.catalogue import ENTITIES, entity
from include.errors import ConfigError
from include.orchestration.notify import FailureNotifier, LateRunNotifier
from include.reports.areas import AREAS, feeding_tables, inputs_of_area

VERBS: Final = ("sync", "report", "segment", "write_back", "maintain")
START: Final = datetime(2026, 1, 1, tzinfo=UTC)

ARGUMENTS: Final[dict[str, Any]] = {
    "owner": "data_engineering",
    # A run without scheduler sets 0: it ends with the sentence and leaves the next try to whoever started it.
    "retries": int(os.environ.get("CRM_TASK_RETRIES", "2")),
    "retry_delay": timedelta(minutes=2),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=20),
    "execution_timeout": timedelta(hours=2),
    "on_failure_callback": FailureNotifier(),
}


def deadline() -> DeadlineAlert | None:
    """When a run that is not over is told of: `CRM_DEADLINE_HOURS` after it was queued; without it, never.

    Only the DAG processor's environment needs the variable. Airflow 3.3.2 cannot end `dag.test()` of a DAG with a
    deadline (it looks it up by an id that only a scheduler's DAG has), so `make run` takes it off again.
    """
    hours = os.environ.get("CRM_DEADLINE_HOURS")
    if not hours:
        return None
    return DeadlineAlert(
        name="run_is_late",
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=_hours(hours),
        callback=SyncCallback(LateRunNotifier),
    )


def _hours(text: str) -> timedelta:
    try:
        return timedelta(hours=float(text))
    except ValueError:
        raise ConfigError(
            "CRM_DEADLINE_HOURS is no number of hours: write one like 3, or leave it out."
        ) from None


COMMON: Final[dict[str, Any]] = {
    "start_date": START,
    "catchup": False,
    "max_active_runs": 1,
    "default_args": ARGUMENTS,
    "render_template_as_native_obj": False,
    "deadline": deadline(),
}
# The first batch is loaded before the last is read: recent data is usable early, and staged parts stay few.
SYNC: Final[dict[str, Any]] = COMMON | {"default_args": ARGUMENTS | {"weight_rule": "upstream"}}


def assets_of(entity_name: str) -> list[Asset]:
    """The assets a sync DAG updates: one per crm table."""
    return [Asset(name=f"crm.{table.name}") for table in entity(entity_name).tables]


def assets_of_parents(entity_name: str) -> list[Asset]:
    """The assets that a sync DAG's fetching of missing parents updates: those of the parents, and of theirs."""
    parents = (parent.entity for parent in entity(entity_name).parents)
    found = [asset for name in parents for asset in (*assets_of(name), *assets_of_parents(name))]
    return list({asset.name: asset for asset in found}.values())


def assets_of_people() -> list[Asset]:
    """The assets of all tables with personal columns."""
    return [asset for one in ENTITIES if one.person for asset in assets_of(one.name)]


def assets_of_all() -> list[Asset]:
    """The assets of every entity's tables, for DAGs that may change any of them."""
    return [asset for one in ENTITIES for asset in assets_of(one.name)]


def sync_params() -> dict[str, Param]:
    """The form of a sync DAG; left alone, it reads what is due."""
    return {
        "channel": Param(
            None,
            type=["null", "string"],
            title="Channel",
            description="Code of one channel; empty: all that are due.",
        ),
        "from": Param(
            None,
            type=["null", "string"],
            format="date-time",
            title="From",
            description="Read again what changed in the store since then (UTC).",
        ),
        "to": Param(
            None,
            type=["null", "string"],
            format="date-time",
            title="To",
            description="Only with From: up to then (UTC); empty: until now.",
        ),
        "ids": Param(
            None,
            type=["null", "string"],
            title="Ids",
            description="Read these records only, by Magento's own id, parted by commas; give Channel as well.",
        ),
        "number": Param(
            None,
            type=["null", "string"],
            title="Number",
            description="Read these records only, by the number people see, parted by commas; give Channel as well.",
        ),
        "dry_run": Param(
            False,
            type="boolean",
            title="Dry run",
            description="Read, check and compare, and change nothing; the log of `publish` says what would change.",
        ),
        "full_resync": Param(
            False,
            type="boolean",
            title="Full resync",
            description="Read everything again by id and overwrite newer rows too, as after a restore of the store "
            "from a backup. No table is emptied.",
        ),
    }


def freshness_params() -> dict[str, Param]:
    """The form of the check of freshness."""
    return {
        "channel": Param(
            None,
            type=["null", "string"],
            title="Channel",
            description="Code of one channel; empty: all of them.",
        )
    }


def any_asset_of(*entity_names: str) -> AssetAny:
    """A schedule: whenever one of these entities brought something new."""
    return AssetAny(*(Asset(name=f"crm.{entity(name).root.name}") for name in entity_names))


def any_asset_feeding(area: str) -> AssetAny:
    """A schedule: whenever a table that reports of the area are made of brought something new."""
    return AssetAny(*(Asset(name=name) for name in feeding_tables(area)))


def at_or_when(times: str, assets: AssetAny) -> AssetOrTimeSchedule:
    """A schedule: by the clock (cron, UTC) as well as by assets; what ages must not wait for somebody to buy."""
    return AssetOrTimeSchedule(timetable=CronTriggerTimetable(times, timezone="UTC"), assets=assets)


def any_report_checked() -> AssetAny:
    """A schedule: whenever a report that follows data brought something new; those that go by the clock always do."""
    areas = [area for area in AREAS if feeding_tables(area)]
    return AssetAny(*(Asset(name=f"report.{name}") for area in areas for name in inputs_of_area(area)))


def asset_of_suppressions() -> Asset:
    """The asset that opt-outs update: whoever said no must not be in the next file."""
    return Asset(name="marketing.suppressions")


def when_segments_may_change() -> AssetOrTimeSchedule:
    """A schedule: when a report, a consent or a suppression changed, and by the clock, since carts and people age."""
    reports = any_report_checked()
    consents = assets_of("newsletter_subscribers")
    assets = AssetAny(*reports.objects, *consents, asset_of_suppressions())
    return at_or_when("25 * * * *", assets)


def when_tasks_may_change() -> AssetOrTimeSchedule:
    """A schedule: when a report changed that rules of tasks read, and by the clock, since it may be too late."""
    names = ("abandoned_carts", "order_follow_up")
    return at_or_when("40 * * * *", AssetAny(*(Asset(name=f"report.{name}") for name in names)))


def asset_of_outbox() -> Asset:
    """The asset that a form updates which asks for a change of a store: it is sent at once."""
    return Asset(name="crm.outbox")


def when_changes_are_asked() -> AssetAny:
    """A schedule: whenever a form asks for a change of a store; SQL and Python tell nobody, hence also the clock."""
    return AssetAny(asset_of_outbox())


def asset_of_orders_to_ask_about() -> Asset:
    """The asset that a cart updates which may become an order only after a person has said so."""
    return Asset(name="crm.orders_to_ask_about")


def when_orders_wait() -> AssetAny:
    """A schedule: whenever a cart waits for a yes."""
    return AssetAny(asset_of_orders_to_ask_about())


def asset_of_questions() -> Asset:
    """The asset that a segment which is held back for its size updates."""
    return Asset(name="marketing.approvals")


def when_asked() -> AssetAny:
    """A schedule: whenever a segment is held back for its size, and a person must be asked."""
    return AssetAny(asset_of_questions())


def check_params() -> dict[str, Param]:
    """The form of the DAG that holds reports against each other."""
    return {
        "file": Param(
            None,
            type=["null", "string"],
            title="File",
            description="Name of one file of sql/checks, without .sql; empty: all.",
        )
    }


def refresh_params(noun: str) -> dict[str, Param]:
    """The form of a DAG that works through the folders of reports or segments."""
    return {
        noun: Param(
            None,
            type=["null", "string"],
            title=noun.capitalize(),
            description=f"Name of one {noun}; empty: all.",
        ),
        "full": Param(
            False,
            type="boolean",
            title="Everything anew",
            description="Compute everything, not only what changed.",
        ),
    }


def upkeep_params() -> dict[str, Param]:
    """The form of a DAG that goes through every channel's entities; left alone, through all of them."""
    return {
        "channel": Param(
            None,
            type=["null", "string"],
            title="Channel",
            description="Code of one channel; empty: all that are active.",
        ),
        "entity": Param(
            None,
            type=["null", "string"],
            title="Entity",
            description="Name of one entity, e.g. customers; empty: all of them.",
        ),
    }


def sweep_params() -> dict[str, Param]:
    """The form of the sweep."""
    return upkeep_params() | _deletions()


def expiry_params() -> dict[str, Param]:
    """The form of a sweep of one entity."""
    return {"channel": upkeep_params()["channel"]} | _deletions()


def _deletions() -> dict[str, Param]:
    return {
        "allow_deletions": Param(
            False,
            type="boolean",
            title="Allow deletions",
            description="A run asked: mark the records that are gone from the store, however many they are.",
        )
    }
