"""Command line of the demo store: `python -m include.demo_store serve` and `... tick --url URL --hours 24`."""

from __future__ import annotations

import argparse
import json
import sys

from include.demo_store.clock import DEFAULT_START, parse_iso
from include.demo_store.server import StoreServer, application, listen, store_url
from include.demo_store.settings import DEFAULT_KEY, DEFAULT_USER, StoreSettings
from include.demo_store.shop import Shop
from include.demo_store.tick import tick
from include.errors import ConfigError, SyncError


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns the exit status."""
    options = vars(_parser().parse_args(arguments))
    command = options.pop("command")
    try:
        return _serve(**options) if command == "serve" else _tick(**options)
    except (SyncError, OSError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m include.demo_store", description="A simulated Magento.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="answer calls on 127.0.0.1 until told to stop")
    serve.add_argument(
        "--kind", choices=("magento1", "magento2"), default="magento1", help="SOAP (default), or REST"
    )
    serve.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    serve.add_argument("--customers", type=_size, default=300)
    serve.add_argument("--orders", type=_size, default=1200)
    serve.add_argument("--seed", type=int, default=7)
    serve.add_argument(
        "--clock",
        type=_clock,
        default=DEFAULT_START,
        help="ISO instant in UTC, or 'now' for a clock that runs",
    )
    serve.add_argument(
        "--no-bridge", dest="bridge", action="store_false", help="stock Magento: no oro* methods"
    )
    serve.add_argument("--user", default=DEFAULT_USER)
    serve.add_argument("--key", default=DEFAULT_KEY)
    serve.add_argument(
        "--expire-every", type=int, default=0, metavar="N", help="sessions end at every Nth call"
    )
    serve.add_argument("--fail-every", type=int, default=0, metavar="N", help="every Nth call is broken off")
    serve.add_argument("--max-rows", type=int, default=0, metavar="N", help="longer lists end in HTTP 500")
    _character(serve)
    _rest(serve)
    move = commands.add_parser("tick", help="move the clock of a running store")
    move.add_argument("--url", required=True, help="any address of the store")
    move.add_argument("--hours", type=float, default=24.0)
    return parser


def _character(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--bridge-version", default="1.2.19")
    serve.add_argument("--namespace", default="urn:Magento", help="urn:OpenMage for a newer OpenMage")
    serve.add_argument(
        "--wsi", action="store_true", help="document/literal, as with WS-I compliance switched on"
    )
    serve.add_argument(
        "--eav-attributes",
        action="store_true",
        help="the bridge adds attributes without a field of their own",
    )
    serve.add_argument(
        "--raw-control-characters",
        action="store_true",
        help="sent as they are, as Magento up to 1.9.2.4 does",
    )
    serve.add_argument("--slow-every", type=int, default=0, metavar="N", help="every Nth call is slow")
    serve.add_argument("--slow-seconds", type=float, default=5.0)
    serve.add_argument(
        "--fatal", type=_record, action="append", metavar="KIND:ID",
        help="a record on which the shop dies, as cart:15; may be given again",
    )  # fmt: skip
    serve.add_argument(
        "--clock-step", type=int, default=0, metavar="SECONDS", help="the clock moves at every call"
    )
    serve.add_argument(
        "--date-skew",
        type=int,
        default=0,
        metavar="SECONDS",
        help="how far the Date header is ahead of the clock",
    )


def _rest(serve: argparse.ArgumentParser) -> None:
    """Of a store that speaks REST."""
    serve.add_argument(
        "--no-bearer", dest="bearer", action="store_false", help="REST: signed requests only, as since 2.4.4"
    )
    serve.add_argument(
        "--withhold", dest="withheld", action="append", metavar="RESOURCE",
        help="REST: a right that the integration lacks, as Magento_Sales::shipment; may be given again",
    )  # fmt: skip
    serve.add_argument("--page-cap", type=int, default=0, metavar="N", help="REST: larger pages are refused")
    serve.add_argument(
        "--last-page-repeats",
        action="store_true",
        help="REST: the last page again behind the last, as up to 2.3",
    )
    serve.add_argument(
        "--keep-megabytes", dest="kept_megabytes", type=int, default=64, metavar="N",
        help="REST: how much of each list is kept as it was sent",
    )  # fmt: skip
    serve.add_argument(
        "--klaviyo",
        action="store_true",
        help="REST: with the Klaviyo extension, which tells newsletter entries",
    )
    serve.add_argument("--gzip", dest="compressed", action="store_true", help="REST: answers are compressed")


def _record(text: str) -> str:
    try:
        StoreSettings(fatal=(text,)).fatal_ids()
    except ConfigError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None
    return text


def _size(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError("a size below zero")
    return number


def _clock(text: str) -> str:
    if text != "now":
        parse_iso(text)
    return text


def _serve(port: int, fatal: list[str] | None, withheld: list[str] | None, **chosen: object) -> int:
    lists = {"fatal": tuple(fatal or ()), "withheld": tuple(withheld or ())}
    settings = StoreSettings(**lists, **chosen)  # type: ignore[arg-type]  # argparse gave each its type
    listener = listen(port)
    shop = Shop(
        customers=settings.customers, orders=settings.orders, seed=settings.seed, clock=settings.clock
    )

    def announce() -> None:
        sys.stdout.write(f"demo store: {store_url(listener, settings)}\n")
        sys.stdout.flush()

    StoreServer(application(shop, settings), announce).run([listener])
    return 0


def _tick(url: str, hours: float) -> int:
    sys.stdout.write(json.dumps(tick(url, hours)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
