from __future__ import annotations

import datetime as dt
import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from include.demo_store.running import RunningStore, running_store
from include.demo_store.settings import LIMITED_USER
from tests.journeys.installation import Ended, Installation, connection
from tests.orchestration.house import House

pytestmark = pytest.mark.slow(35)

WRONG = {
    "wrong_host": "does not accept connections at http://127.0.0.1:1: check host and port of the connection",
    "wrong_key": "The store refuses the login of the API user crm_sync: check user, API key",
    "no_permission": "refuses salesOrderList to the API user crm_limited: give its role that resource",
    "html_wsdl": "gives a web page: check the URL of the connection",
    "self_signed": "TLS with https://127.0.0.1:{tls} fails: have the store's certificate mended, or name its CA file",
    "unknown_website": "names website 99, which its store does not have: choose among 1 (",
    "unconnected": "uses the connection magento_unconnected, which does not exist: add it in Airflow",
}
"""What is wrong, and the next step, by channel."""


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(customers=25, orders=60) as running:
        yield running


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<html><body>Closed for maintenance</body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def web_server(certificate: Path | None = None) -> Iterator[int]:
    """A web server that knows one page; its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def self_signed(path: Path) -> Path:
    """A certificate that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def told(ended: Ended) -> list[str]:
    """The lines below the DAG's own, without their indent."""
    return [line.strip() for line in ended.screen.splitlines() if line.startswith("  ")]


def test_each_bad_channel_is_one_sentence_and_the_healthy_one_loads(
    installation: Installation, store: RunningStore, tmp_path: Path
) -> None:
    with web_server() as plain, web_server(self_signed(tmp_path / "certificate.pem")) as tls:
        installation.channel("healthy", connection(store))
        installation.channel("wrong_host", connection(store, host="http://127.0.0.1:1/"))
        installation.channel("wrong_key", connection(store, password="guessed-key"))
        installation.channel("no_permission", connection(store, login=LIMITED_USER))
        installation.channel("html_wsdl", connection(store, host=f"http://127.0.0.1:{plain}/"))
        installation.channel("self_signed", connection(store, host=f"https://127.0.0.1:{tls}/"))
        installation.channel("unknown_website", connection(store), websites=[99])
        installation.channel("unconnected", None)
        installation.channel("broken", None, timezone="Berlin")
        ended = installation.run("--entity", "orders")

    assert ended.status == 1
    assert "Traceback" not in ended.screen
    refusal = "Channel file broken.yml is refused: timezone"
    assert [line.startswith(refusal) for line in ended.screen.splitlines()].count(True) == 1
    sentences = told(ended)
    for code, words in WRONG.items():
        (sentence,) = [s for s in sentences if s.startswith(f"Channel {code}")]
        assert words.format(tls=tls) in sentence
        assert sentence in ended.log
    assert len(sentences) == len(WRONG)
    assert "guessed-key" not in ended.screen + ended.log
    assert installation.rows("select distinct channel_code, state from ops.windows") == [("healthy", "done")]
    ids = {row.order_id for row in installation.rows("select order_id from crm.orders")}
    assert ids == set(store.shop.order_ids())


def test_a_staging_root_that_cannot_be_written_is_one_sentence(
    house: House, store: RunningStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in_the_way").touch()
    house.channel("demo", store)
    monkeypatch.setenv("CRM_STAGING_URL", f"file://{tmp_path}/in_the_way/staging")
    run = house.run("sync_orders")
    assert run.state == "failed"
    (sentence,) = run.sentences
    assert sentence.startswith("The staging root cannot be written (Not a directory): free space there")
    assert house.rows("select * from crm.orders") == []


def test_a_warehouse_that_is_down_is_one_sentence(installation: Installation, store: RunningStore) -> None:
    installation.channel("demo", connection(store))
    ended = installation.run(AIRFLOW_CONN_CRM_WAREHOUSE="postgresql://crm:secret-word@127.0.0.1:1/crm")
    sentence = (
        "make run: The warehouse at 127.0.0.1, port 1, database crm does not listen: check that it runs.\n"
    )
    assert (ended.status, ended.screen) == (1, sentence)
    assert "secret-word" not in ended.log


def test_only_broken_channel_files_are_one_line(installation: Installation) -> None:
    installation.channel("broken", None, timezone="Berlin")
    ended = installation.run()
    assert ended.status == 1
    assert ended.screen.startswith("make run: Channel file broken.yml is refused: timezone")
    assert "There is no channel to run" in ended.screen
    assert ended.screen.count("\n") == 1


def test_a_data_folder_that_is_a_file_is_one_sentence(
    installation: Installation, store: RunningStore
) -> None:
    installation.channel("demo", connection(store))
    blocked = installation.folder / "file"
    blocked.touch()
    ended = installation.run(CRM_DATA_DIR=str(blocked))
    assert ended.status == 1
    assert ended.screen.startswith(
        f"make run: The log {blocked}/logs/run.log cannot be written (Not a directory)"
    )
    assert ended.screen.count("\n") == 1
