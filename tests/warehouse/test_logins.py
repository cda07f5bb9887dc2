"""The warehouse in daily use by logins that are members of the roles, on each supported server: none is a superuser."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy
from sqlalchemy import Engine, exc, func, select, text

from include.errors import ConfigError
from include.identity.guest_keys import GuestKeys
from include.segments.export import Exporter
from include.segments.loading import get_segment
from include.segments.refresh import refresh_segment
from include.settings import PROJECT_ROOT
from include.warehouse import migrate
from include.warehouse.engine import libpq_uri, open_engine
from include.warehouse.server import EmbeddedServer
from tests.copied_database import copied_database
from tests.reports.in_order import refresh_in_order
from tests.sync.records import customer, dictionaries, order, subscriber
from tests.sync.shop import Shop

ROLES_SQL = (PROJECT_ROOT / "sql" / "roles.sql").read_bytes()
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
LogIn = Callable[[str], Engine]
DENIED = "permission denied|must be owner"


@contextmanager
def _login(admin: psycopg.Connection, url: sqlalchemy.URL, role: str) -> Iterator[Engine]:
    """An engine as a user made for a role; the user can only be dropped if nothing belongs to it."""
    name = f"{role}_{uuid.uuid4().hex[:8]}"
    admin.execute(f"create role {name} login in role {role}")
    engine = open_engine(url.set(username=name))
    try:
        yield engine
    finally:
        engine.dispose()
        admin.execute(f"drop role {name}")


@pytest.fixture(scope="module")
def migrated_by_owner() -> Callable[[EmbeddedServer], str]:
    """Name of a server's database that a member of crm_owner migrated, made when first asked for.

    Migrating takes seconds; a copy has the same owners, rights and default privileges.
    """
    made: dict[EmbeddedServer, str] = {}

    def of(server: EmbeddedServer) -> str:
        if server not in made:
            name = f"owned_{uuid.uuid4().hex[:8]}"
            server.ensure_database(name)
            with psycopg.connect(libpq_uri(server.url(name)), autocommit=True) as admin:
                admin.execute(ROLES_SQL)
                with _login(admin, server.url(name), "crm_owner") as owner:
                    migrate.upgrade(owner)
            made[server] = name
        return made[server]

    return of


# What roles.sql grants on the database itself stands beside it and is not copied with it.
RIGHTS_OF_TEMPLATE = """
update pg_database set datacl = template.datacl from pg_database as template
where pg_database.datname = current_database() and template.datname = %s
"""


@pytest.fixture
def any_warehouse_url(
    any_postgres: EmbeddedServer,
    migrated_by_owner: Callable[[EmbeddedServer], str],
    request: pytest.FixtureRequest,
) -> Iterator[sqlalchemy.URL]:
    """A database of this test's own on each server in turn: migrated where the test asks for a loader, else empty."""
    template = migrated_by_owner(any_postgres) if "loader" in request.fixturenames else "template0"
    with copied_database(any_postgres, template, f"logins_{uuid.uuid4().hex[:8]}") as url:
        with psycopg.connect(libpq_uri(url), autocommit=True) as admin:
            admin.execute(RIGHTS_OF_TEMPLATE, [template])
        yield url


@pytest.fixture
def admin(any_warehouse_url: sqlalchemy.URL) -> Iterator[psycopg.Connection]:
    with psycopg.connect(libpq_uri(any_warehouse_url), autocommit=True) as connection:
        yield connection


@pytest.fixture
def log_in(admin: psycopg.Connection, any_warehouse_url: sqlalchemy.URL) -> Iterator[LogIn]:
    """Log in as a new user who is a member of a role."""
    with ExitStack() as stack:
        yield lambda role: stack.enter_context(_login(admin, any_warehouse_url, role))


@pytest.fixture
def loader(log_in: LogIn) -> Engine:
    """A loader on a fresh database, migrated by an owner."""
    return log_in("crm_loader")


def load_and_publish(engine: Engine, folder: Path) -> int:
    """The whole chain: orders, report, segment, file; how many members left with the file."""
    shop = Shop(engine=engine, root=folder / "staging")
    shop.execute(
        "insert into ops.channels (channel_code, channel_name, kind, timezone, reporting_currency_code, is_active,"
        " updated_at) values ('us', 'US', 'magento1', 'UTC', 'EUR', true, now()) on conflict do nothing"
    )
    shop.load("stores", dictionaries())
    shop.load("customers", customer(1))
    shop.load("newsletter_subscribers", subscriber(1, customer_id="1", subscriber_email=customer(1)["email"]))
    shop.load("orders", *(order(number, customer_id="1", customer_is_guest="0") for number in (1, 2)))
    refresh_in_order(engine, ["daily_sales", "customer_value"], now=NOW)
    segment = get_segment("repeat_customers")
    refresh_segment(engine, segment, now=NOW)
    exporter = Exporter(engine=engine, root=folder / "exports", keys=GuestKeys(b"secret"))
    return sum(export.row_count for export in exporter.export(segment, now=NOW))


def owners(admin: psycopg.Connection, *schemas: str) -> set[str]:
    query = "select relowner::regrole::text from pg_class where relnamespace::regnamespace::text = any(%s)"
    return {name for (name,) in admin.execute(query, [list(schemas)])}


def refused(engine: Engine, statement: str) -> bool:
    with pytest.raises(exc.ProgrammingError, match=DENIED), engine.begin() as connection:
        connection.execute(text(statement))
    return True


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(text(table))).scalar_one())


def forget_contracts(admin: psycopg.Connection) -> None:
    """As if every contract had changed since: the next refresh makes its table anew."""
    admin.execute("update ops.refreshes set contract_hash = 'another', basis_hash = 'another'")


def test_loader_loads_refreshes_and_exports_and_the_readers_read_their_part(
    loader: Engine, log_in: LogIn, tmp_path: Path
) -> None:
    assert load_and_publish(loader, tmp_path) == 1

    analyst, marketer = log_in("crm_analyst"), log_in("crm_marketer")
    assert count(analyst, "crm.orders") == 2
    assert count(analyst, "crm.orders_that_count") == 2
    assert count(analyst, "report.daily_sales") > 0
    assert count(analyst, "report.complete_until") > 0
    assert count(marketer, "marketing.repeat_customers") == 1
    assert refused(analyst, "delete from crm.orders")
    assert refused(analyst, "delete from report.daily_sales")
    assert refused(analyst, "select from marketing.repeat_customers")
    assert refused(marketer, "select from crm.orders")
    assert refused(marketer, "select from marketing.account_recipients")
    assert count(loader, "marketing.account_recipients") == 1
    assert refused(marketer, "select from report.daily_sales")
    assert refused(marketer, "delete from marketing.repeat_customers")


def test_any_loader_makes_a_report_anew_that_another_made(
    loader: Engine, log_in: LogIn, admin: psycopg.Connection, tmp_path: Path
) -> None:
    load_and_publish(loader, tmp_path)
    before = admin.execute("select 'report.daily_sales'::regclass::oid").fetchone()
    forget_contracts(admin)
    assert load_and_publish(log_in("crm_loader"), tmp_path) == 1
    assert admin.execute("select 'report.daily_sales'::regclass::oid").fetchone() != before
    assert count(log_in("crm_analyst"), "report.daily_sales") > 0


def test_owner_and_loader_take_turns_at_the_daily_work(
    loader: Engine, log_in: LogIn, admin: psycopg.Connection, tmp_path: Path
) -> None:
    assert load_and_publish(log_in("crm_owner"), tmp_path) == 1
    forget_contracts(admin)
    assert load_and_publish(loader, tmp_path) == 1


def test_what_migrations_make_belongs_to_the_owner_role(loader: Engine, admin: psycopg.Connection) -> None:
    assert owners(admin, "crm", "ops", "report", "marketing") == {"crm_owner"}
    migrate.upgrade(loader)


def test_loader_needs_no_right_to_find_the_warehouse_up_to_date(loader: Engine, log_in: LogIn) -> None:
    migrate.upgrade(loader)
    migrate.assure_current(loader)
    assert refused(loader, "create schema extra")
    assert refused(loader, "create table crm.extra ()")
    assert refused(loader, "drop view crm.orders_that_count")


def test_loader_is_told_to_have_an_owner_migrate(
    loader: Engine, log_in: LogIn, admin: psycopg.Connection
) -> None:
    told = r"run `make migrate` with a member of crm_owner, then try again\.$"
    admin.execute("update ops.definitions set definition_hash = 'of another version'")
    with pytest.raises(ConfigError, match=told):
        migrate.upgrade(loader)
    migrate.downgrade(log_in("crm_owner"))
    with pytest.raises(ConfigError, match=told):
        migrate.upgrade(loader)


def test_login_without_a_role_that_loads_is_told_so(loader: Engine, log_in: LogIn) -> None:
    for work in (migrate.upgrade, migrate.assure_current):
        with pytest.raises(ConfigError, match=r"make it a member of a role of sql/roles\.sql"):
            work(log_in("crm_marketer"))


def test_owner_migrates_where_only_the_administrator_adds_schemas(
    admin: psycopg.Connection, any_warehouse_url: sqlalchemy.URL, log_in: LogIn
) -> None:
    admin.execute(ROLES_SQL)
    admin.execute(f"revoke create on database {any_warehouse_url.database} from crm_owner")
    migrate.upgrade(log_in("crm_owner"))
    assert owners(admin, "crm") == {"crm_owner"}


def test_warehouse_used_without_roles_is_handed_over_when_they_come(
    admin: psycopg.Connection, any_warehouse_url: sqlalchemy.URL, log_in: LogIn, tmp_path: Path
) -> None:
    superuser = open_engine(any_warehouse_url)
    migrate.upgrade(superuser)
    load_and_publish(superuser, tmp_path)
    admin.execute("create view crm.of_the_administrator as select 1 as n")
    admin.execute(ROLES_SQL)
    forget_contracts(admin)
    assert load_and_publish(log_in("crm_loader"), tmp_path) == 1
    assert count(log_in("crm_analyst"), "report.daily_sales") > 0
    owner = log_in("crm_owner")
    admin.execute("drop view crm.of_the_administrator")
    migrate.downgrade(owner)
    migrate.upgrade(superuser)
    superuser.dispose()
    assert owners(admin, "crm", "ops") == {"crm_owner"}


def test_table_of_a_stranger_is_refused_with_what_to_do(
    loader: Engine, admin: psycopg.Connection, tmp_path: Path
) -> None:
    admin.execute("create table report.daily_sales (n int)")
    with pytest.raises(
        ConfigError, match=r"administrator give report\.daily_sales to crm_loader, then try again"
    ):
        refresh_in_order(loader, ["daily_sales"], now=NOW)


def test_administrator_who_is_no_superuser_makes_the_roles(
    admin: psycopg.Connection, any_warehouse_url: sqlalchemy.URL, tmp_path: Path
) -> None:
    name = f"manager_{uuid.uuid4().hex[:8]}"
    admin.execute(f"create role {name} login createrole")
    for role in ("crm_owner", "crm_loader"):
        admin.execute(f"do $$ begin create role {role}; exception when duplicate_object then null; end $$")
        admin.execute(f"grant {role} to {name} with admin option")
    admin.execute(f"alter database {any_warehouse_url.database} owner to {name}")
    try:
        with psycopg.connect(libpq_uri(any_warehouse_url.set(username=name)), autocommit=True) as manager:
            manager.execute(ROLES_SQL)
        engine = open_engine(any_warehouse_url.set(username=name))
        migrate.upgrade(engine)
        assert load_and_publish(engine, tmp_path) == 1
        engine.dispose()
        assert owners(admin, "report", "crm") == {"crm_owner", "crm_loader"}
    finally:
        admin.execute(f"alter database {any_warehouse_url.database} owner to postgres")
        admin.execute(f"drop owned by {name}")
        admin.execute(f"drop role {name}")


def test_editor_asks_for_changes_through_the_function_only_and_an_analyst_does_not(
    loader: Engine, log_in: LogIn
) -> None:
    shop = Shop(engine=loader, root=Path())
    shop.execute(
        "insert into ops.channels (channel_code, channel_name, kind, timezone, reporting_currency_code, is_active,"
        " updated_at) values ('us', 'US', 'magento1', 'UTC', 'EUR', true, now())"
    )
    for table, key in (("websites", "website"), ("stores", "store")):
        shop.execute(
            f"insert into crm.{table} ({key}_key, {key}_id, channel_code, first_seen_at, changed_at)"  # noqa: S608 - ours
            " values ('us:1', 1, 'us', now(), now())"
        )
    ask = (
        'select crm.request_change(\'customer_create\', \'us\', \'{"email": "a@b.example", "first_name": "A",'
        ' "last_name": "B", "website_id": 1, "store_id": 1}\')'
    )
    editor, analyst = log_in("crm_editor"), log_in("crm_analyst")
    with editor.begin() as connection:
        connection.execute(text(ask.replace(":", r"\:")))
    assert shop.rows("select requested_login from crm.outbox") == [editor.url.username]
    assert refused(analyst, ask.replace(":", r"\:"))
    assert refused(editor, "delete from crm.outbox")
    assert refused(editor, "insert into crm.outbox (kind) values ('x')")


def test_order_that_needs_a_second_person_is_not_approved_by_the_login_that_asked_under_another_name(
    loader: Engine, log_in: LogIn
) -> None:
    one, another = log_in("crm_editor"), log_in("crm_editor")
    with loader.begin() as connection:
        connection.execute(
            text(
                """
                insert into crm.outbox (channel_code, kind, target_key, entity, record_key, wanted_json, base_json,
                    idempotency_key, requested_by, requested_login, state, result_json)
                values ('us', 'cart_to_order', 'us:9', 'carts', 'us:9', '{}', '{}', 'k', 'Ada', :login, 'conflict',
                    '{"needs_second_person": true}')
                """
            ),
            {"login": one.url.username},
        )
        connection.execute(
            text(
                "insert into ops.write_back_log (outbox_id, channel_code, attempt_number, field_name, remote_value,"
                " reason) values (1, 'us', 1, 'order_total', '57.3', 'both changed it, somebody has to decide')"
            )
        )
    decide = text("select crm.decide_change(1, 'crm', decided_by => 'Charles')")
    with one.begin() as connection, pytest.raises(exc.DBAPIError, match="somebody else than who asked"):
        connection.execute(decide)
    with another.begin() as connection:
        assert connection.execute(decide).scalar_one() == "pending"


def test_editor_records_what_people_decide_through_functions_only_and_an_analyst_does_not(
    loader: Engine, log_in: LogIn, tmp_path: Path
) -> None:
    shop = Shop(engine=loader, root=tmp_path)
    shop.load("orders", order(1))
    editor, analyst = log_in("crm_editor"), log_in("crm_analyst")
    with editor.begin() as connection:
        connection.execute(text("select crm.record_contact('us:1', 'Likes it')"))
    assert shop.rows("select made_login from crm.order_contacts") == [editor.url.username]
    for call in (
        "record_contact('us:1')",
        "abandon_cart('us:1')",
        "reopen_cart('us:1')",
        "convert_cart_to_opportunity('us:1')",
        "close_task(1)",
    ):
        assert refused(analyst, f"select crm.{call}")
    assert refused(editor, "select crm.move_cart('us:1', 'abandon', null, null, null, null)")
    assert refused(editor, "delete from crm.tasks")
