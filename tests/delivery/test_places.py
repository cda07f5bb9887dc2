"""Each place, against a server of its kind."""

from __future__ import annotations

import io
import stat
from pathlib import Path
from typing import Any

import pytest

from include.delivery.connections import Destination, open_place
from include.delivery.place import Place
from include.errors import ConfigError, TransientError
from tests.delivery.servers import (
    BUCKET,
    PASSWORD,
    USER,
    BucketServer,
    SftpServer,
    bucket_server,
    certificate_in,
)
from tests.orchestration.sinks import mail_server

CONTENT = bytes(range(256)) * 400


def put(place: Place, name: str = "a.csv", content: bytes = CONTENT) -> None:
    with place:
        place.put(name, io.BytesIO(content), len(content))


def bucket(server: BucketServer, **changes: Any) -> Place:
    extra = {"bucket": BUCKET, "prefix": "crm/", "endpoint_url": server.url, "allow_http": True}
    fields = {"login": USER, "password": PASSWORD} | {
        k: v for k, v in changes.items() if k in ("login", "password")
    }
    more = {k: v for k, v in changes.items() if k not in fields}
    return open_place(Destination(conn_id="tool", kind="aws", extra=extra | more, **fields))


def sftp_place(server: SftpServer, **changes: Any) -> Place:
    extra = {"host_key": server.host_key, "path": "/incoming"}
    known = {"login": USER, "password": PASSWORD, "port": server.port}
    fields = known | {k: v for k, v in changes.items() if k in known}
    more = {k: v for k, v in changes.items() if k not in known}
    return open_place(
        Destination(conn_id="tool", kind="sftp", host="127.0.0.1", extra=extra | more, **fields)
    )


def test_a_folder_gets_a_file_for_its_owner_s_eyes_and_keeps_no_half(tmp_path: Path) -> None:
    place = open_place(Destination(conn_id="tool", kind="fs", extra={"path": str(tmp_path / "out")}))
    put(place)
    put(place, content=b"again")
    (file,) = (tmp_path / "out").iterdir()
    assert (file.name, file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == ("a.csv", b"again", 0o600)


def test_a_bucket_gets_an_object_below_its_prefix(s3: BucketServer) -> None:
    put(bucket(s3))
    assert (s3.folder / "crm" / "a.csv").read_bytes() == CONTENT


def test_a_large_file_arrives_in_pieces_as_one_object(s3: BucketServer) -> None:
    large = b"x" * (11 * 1024 * 1024) + b"end"
    put(bucket(s3), "large.csv", large)
    assert (s3.folder / "crm" / "large.csv").read_bytes() == large


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"login": "nobody"}, {"bucket": "not-there"}])
def test_a_bucket_that_does_not_let_in_is_for_a_person_to_mend(
    s3: BucketServer, wrong: dict[str, str]
) -> None:
    with pytest.raises(ConfigError, match=r"^Connection tool does not let the file in") as caught:
        put(bucket(s3, **wrong))
    assert PASSWORD not in str(caught.value)


def test_a_certificate_that_nobody_vouches_for_is_refused_unless_the_connection_says_otherwise(
    tmp_path: Path,
) -> None:
    with bucket_server(tmp_path, certificate=certificate_in(tmp_path)) as server:
        with pytest.raises(TransientError, match="broke off"):
            put(bucket(server, allow_http=False))
        assert list(server.folder.iterdir()) == []
        put(bucket(server, allow_http=False, verify_tls=False))
        assert (server.folder / "crm" / "a.csv").read_bytes() == CONTENT


def test_sftp_writes_under_another_name_and_renames_over_what_is_there(sftp: SftpServer) -> None:
    sftp.renames.clear()
    put(sftp_place(sftp))
    put(sftp_place(sftp), content=b"again")
    (file,) = (sftp.folder / "incoming").iterdir()
    assert (file.name, file.read_bytes()) == ("a.csv", b"again")
    assert [Path(old).name for old, _ in sftp.renames] == [".a.csv.partial"] * 2


def test_sftp_lets_in_by_key(sftp: SftpServer) -> None:
    put(sftp_place(sftp, private_key=sftp.client_key, password=None), "by_key.csv")
    assert (sftp.folder / "incoming" / "by_key.csv").read_bytes() == CONTENT


def test_a_server_with_another_key_learns_nothing(sftp: SftpServer) -> None:
    kind, key = sftp.host_key.split()[:2]
    other = f"{kind} {key[:-8]}AAAAAAA{key[-1]}"
    with pytest.raises(ConfigError, match="shows another key"):
        put(sftp_place(sftp, host_key=f"127.0.0.1 {other}"), "never.csv")
    assert not (sftp.folder / "incoming" / "never.csv").exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"password": "wrong"}, "does not let the file in"),
        ({"path": "/not/there"}, "does not let the file in"),
        ({"host_key": "what is this"}, "host_key is no public key"),
        ({"private_key": "what is this"}, "private_key cannot be read"),
    ],
)
def test_what_is_wrong_with_an_sftp_connection_is_said(
    sftp: SftpServer, wrong: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence) as caught:
        put(sftp_place(sftp, **wrong))
    assert not any(secret in str(caught.value) for secret in (PASSWORD, "127.0.0.1", "what is this"))


def test_a_line_that_breaks_leaves_no_half_under_the_file_s_name(
    sftp: SftpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sftp, "breaks_after", 60_000)
    with pytest.raises(TransientError, match="broke off"):
        put(sftp_place(sftp), "broken.csv")
    assert not (sftp.folder / "incoming" / "broken.csv").exists()
    monkeypatch.undo()
    put(sftp_place(sftp), "broken.csv")
    assert (sftp.folder / "incoming" / "broken.csv").read_bytes() == CONTENT


def test_a_server_that_does_not_answer_is_tried_again() -> None:
    gone = SftpServer(
        port=1, host_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAtOPqoKSw7DJSlGRA7sAmzJm4xGvXNVhUGd8SNlBYWV"
    )
    with pytest.raises(TransientError):
        put(sftp_place(gone))


def test_a_mail_holds_the_manifest() -> None:
    with mail_server() as sink:
        extra = {
            "from_email": "crm@example.com",
            "to_email": "team@example.com",
            "disable_ssl": True,
            "disable_tls": True,
        }
        place = open_place(
            Destination(conn_id="tool", kind="smtp", host="127.0.0.1", port=sink.port, extra=extra)
        )
        assert not place.takes_rows
        put(place, "champions.manifest.json", b'{"rows": 3}\n')
    (mail,) = sink.got
    assert (mail["To"], mail["Subject"]) == ("team@example.com", "New segment file: champions.manifest.json")
    assert '"rows": 3' in mail.get_content()


@pytest.mark.parametrize("name", ["removed/a.csv", "suppression/b.csv"])
def test_a_file_of_a_folder_of_its_own_gets_it_and_no_half_is_left(
    s3: BucketServer, sftp: SftpServer, tmp_path: Path, name: str
) -> None:
    folder = open_place(Destination(conn_id="tool", kind="fs", extra={"path": str(tmp_path / "out")}))
    for place in (folder, sftp_place(sftp), bucket(s3)):
        put(place, name)
        put(place, name, b"again")
    assert [path.name for path in (tmp_path / "out" / name).parent.iterdir()] == [Path(name).name]
    assert (tmp_path / "out" / name).read_bytes() == b"again"
