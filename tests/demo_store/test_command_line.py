from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from include.demo_store.__main__ import main
from include.demo_store.tick import tick
from include.settings import PROJECT_ROOT

COMMAND = [sys.executable, "-m", "include.demo_store"]


@contextmanager
def served(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A store in a process of its own, and the line it printed."""
    command = [*COMMAND, "serve", "--port", "0", "--customers", "20", "--orders", "40", *options]
    with subprocess.Popen(
        command, cwd=PROJECT_ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline()
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_serve_prints_one_line_when_it_answers_and_ends_cleanly(
    stop: signal.Signals, new_caller: Any
) -> None:
    with served() as (process, line):
        assert line.startswith("demo store: http://127.0.0.1:")
        assert line.endswith("/index.php/api/v2_soap/?wsdl=1\n")
        caller = new_caller(line.split()[-1], "crm_sync", "demo-store-key")
        assert len(caller("salesOrderList").rows) == 40
        process.send_signal(stop)
        assert process.wait(timeout=20) == 0
        assert process.communicate() == ("", "")


def test_a_store_over_rest_prints_its_address_and_takes_its_own_options() -> None:
    with served("--kind", "magento2", "--no-bearer", "--withhold", "Magento_Sales::shipment") as (_, line):
        assert line.startswith("demo store: http://127.0.0.1:")
        assert line.endswith("/rest\n")
        url = line.split()[-1]
        assert httpx.get(f"{url}/V1/directory/countries").status_code == 200
        refused = httpx.get(f"{url}/V1/store/websites", headers={"Authorization": "Bearer demo-access"})
        assert refused.status_code == 401
        assert tick(url, 24)["clock"] == "2026-11-23 06:00:00"


def test_tick_moves_the_clock_of_a_running_store(new_caller: Any) -> None:
    with served("--clock", "2025-01-01T00:00:00") as (_, line):
        url = line.split()[-1]
        command = [*COMMAND, "tick", "--url", url, "--hours", "48"]
        ticked = subprocess.run(
            command, cwd=PROJECT_ROOT, text=True, capture_output=True, timeout=30, check=True
        )
        news = json.loads(ticked.stdout)
        assert news["clock"] == "2025-01-03 00:00:00"
        caller = new_caller(url, "crm_sync", "demo-store-key")
        assert len(caller("salesOrderList").rows) == 40 + news["new_orders"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://shop.example/", "not an address"])
def test_tick_says_what_to_do_when_no_store_answers(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tick", "--url", url]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "demo store" in printed.err


@pytest.mark.parametrize(
    "options",
    [("--clock", "yesterday"), ("--orders", "-1"), ("--customers", "many"), ("--fatal", "website:1")],
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(
    options: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["serve", *options])
    assert refused.value.code == 2
    assert f"argument {options[0]}" in capsys.readouterr().err


def test_a_shop_can_be_told_to_misbehave_in_many_ways_at_once(new_caller: Any) -> None:
    options = (
        "--fatal order:3 --fatal cart:6 --date-skew 60 --eav-attributes --raw-control-characters --slow-every 50 "
        "--slow-seconds 0.1 --clock-step 1 --bridge-version 1.2.0"
    ).split()
    with served(*options) as (_, line):
        caller = new_caller(line.split()[-1], "crm_sync", "demo-store-key")
        assert caller("oroPing").root.findtext(".//version") == "1.2.0"
        assert caller("salesOrderList").status == caller("oroQuoteList").status == 500
        assert caller("oroCustomerList").rows[0].find("attributes") is not None


def test_a_shop_serves_ws_i_mode(new_caller: Any) -> None:
    with served("--wsi", "--namespace", "urn:OpenMage") as (_, line):
        answer = new_caller(line.split()[-1], "", "").raw("loginParam", "<username>crm_sync</username>"
                                                          "<apiKey>demo-store-key</apiKey>")  # fmt: skip
        assert len(answer.root.findtext(".//result")) == 32
        assert b'xmlns:ns1="urn:OpenMage"' in answer.body
