"""Headers and values as the platforms write them; include/suppressions/README.md says where each is known from."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from textwrap import dedent

import pytest

from include.errors import DataError
from include.suppressions.opt_out_file import open_opt_out_file
from tests.suppressions.addresses import KEYS, hashed

NAMES = ("ada", "bob", "cleo", "dora", "eve")

MAILCHIMP_UNSUBSCRIBED = """\
"Email Address","First Name",OPTIN_TIME,OPTIN_IP,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON,LEID,NOTES,TAGS
Ada@Example.com ,Ada,"2024-01-01 10:00:00",,"2026-03-01 08:30:00",Spring,"NORMAL: No longer interested",1,,
bob@example.com,"Bob, jr",,,"2026-03-02 09:00:00",Spring,ABUSE,2,"two
lines",
"""
MAILCHIMP_CLEANED = """\
"Email Address","First Name",MEMBER_RATING,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,LEID,EUID
cleo@example.com,Cleo,2,"2026-03-03 08:30:00",Spring,3,c
"""
KLAVIYO_PROFILES = """\
Email,ID,Email Marketing Consent,Email Marketing Consent Timestamp,Email Suppressions,Email Suppressions Timestamp
ada@example.com,1,UNSUBSCRIBED,2026-03-01T08:30:00+00:00,,
bob@example.com,2,SUBSCRIBED,2026-01-01T08:30:00+00:00,['HARD_BOUNCE'],2026-03-02T08:30:00+00:00
cleo@example.com,3,SUBSCRIBED,2026-01-01T08:30:00+00:00,['SPAM_COMPLAINT'],
dora@example.com,4,SUBSCRIBED,2026-01-01T08:30:00+00:00,[],
eve@example.com,5,NEVER_SUBSCRIBED,,['USER_SUPPRESSED'],
,6,UNSUBSCRIBED,,,
"""
DOTDIGITAL = """\
Email,FirstName,DateRemoved,Reason
ada@example.com,Ada,2026-03-01T08:30:00Z,Unsubscribed
bob@example.com,Bob,2026-03-02T08:30:00Z,HardBounced
cleo@example.com,Cleo,2026-03-03T08:30:00Z,IspComplained
dora@example.com,Dora,2026-03-04T08:30:00Z,SomethingNew
"""
DOTDIGITAL_CONTACTS = """\
Email;Status;Last updated
ada@example.com;Unsubscribed;01/03/2026 08:30
bob@example.com;Subscribed;01/03/2026 08:30
cleo@example.com;Hard bounced;whenever
dora@example.com;Soft bounced;
"""
HUBSPOT = """\
Record ID,Email,Unsubscribed from all email,Email hard bounce reason
1,ada@example.com,true,
2,bob@example.com,,
3,cleo@example.com,false,UNKNOWN_USER
"""


def read(content: str | bytes) -> dict[str, tuple[str, datetime | None]]:
    raw = io.BytesIO(content.encode() if isinstance(content, str) else content)
    names = {hashed(name): name for name in NAMES}
    found = open_opt_out_file(raw, KEYS).opt_outs()
    return {names[one.address_hash]: (one.reason, one.occurred_at) for one in found}


def at(day: int, hour: int = 8, minute: int = 30) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "platform", "told"),
    [
        (
            MAILCHIMP_UNSUBSCRIBED,
            "mailchimp",
            {"ada": ("unsubscribed", at(1)), "bob": ("complained", at(2, 9, 0))},
        ),
        (MAILCHIMP_CLEANED, "mailchimp", {"cleo": ("bounced", at(3))}),
        (
            KLAVIYO_PROFILES,
            "klaviyo",
            {
                "ada": ("unsubscribed", at(1)),
                "bob": ("bounced", at(2)),
                "cleo": ("complained", datetime(2026, 1, 1, 8, 30, tzinfo=UTC)),
                "eve": ("by_hand", None),
            },
        ),
        (
            DOTDIGITAL,
            "dotdigital",
            {
                "ada": ("unsubscribed", at(1)),
                "bob": ("bounced", at(2)),
                "cleo": ("complained", at(3)),
                "dora": ("unsubscribed", at(4)),
            },
        ),
        (DOTDIGITAL_CONTACTS, "dotdigital", {"ada": ("unsubscribed", None), "cleo": ("bounced", None)}),
        (HUBSPOT, "hubspot", {"ada": ("unsubscribed", None), "cleo": ("bounced", None)}),
        ("Email\r\nada@example.com\r\n", "address_list", {"ada": ("unsubscribed", None)}),
        ("\ufeffEmail\nada@example.com\n\n", "address_list", {"ada": ("unsubscribed", None)}),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isalpha() else "",
)
def test_each_platform_is_known_by_its_header_and_read_by_its_words(
    content: str, platform: str, told: dict[str, tuple[str, datetime | None]]
) -> None:
    assert open_opt_out_file(io.BytesIO(content.encode()), KEYS).form.platform == platform
    assert read(content) == told


@pytest.mark.parametrize(
    "header",
    ["Email,First Name", "email_address,name,phone", "", "ada@example.com", "Email Address,OPTIN_TIME,TAGS"],
)
def test_a_list_of_contacts_is_no_opt_out_file(header: str) -> None:
    with pytest.raises(DataError, match=r"^Line 1 is not the header of an opt-out file"):
        read(f"{header}\nada@example.com,x,y\n")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("Email,Reason\nada@example.com,x\nbob@example.com\n", "Line 3 has 1 cells where the header has 2"),
        ('Email,Reason\n"ada@example.com","a\nb"\nnot an address,x\n', "Line 4 has something"),
        (
            'Email,Reason\nada@example.com,x\nbob@example.com,"x\ncleo@example.com,x\n',
            "Line 3 has a cell that",
        ),
        ("Email,Status\nada@example.com,Subscribed\nbob@example.com,Abgemeldet\n", "Line 3 has a state that"),
        ("Email,Email Marketing Consent\nada@example.com,Paused\n", "Line 2 has a state that"),
        ("Email\nada@example.com\nada@\n", "Line 3 has something in the column of the address"),
        (b"Email\nada@example.com\nz\xf6e@example.com\n", "Line 3 is not in UTF-8"),
        ("Email\nada@example.com\n".encode("utf-16"), "Line 1 is not in UTF-8"),
    ],
)
def test_a_wrong_line_is_named_without_what_stands_in_it(lines: str | bytes, sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        read(lines)
    assert caught.value.summary.startswith(sentence)
    assert not any(part in caught.value.summary for part in ("@", "ada", "cleo", "not an address"))


def test_rows_are_drawn_one_by_one() -> None:
    lines = (dedent(f"ada{number}@example.com\n").encode() for number in range(3))

    class Endless(io.RawIOBase):
        def readline(self, size: int | None = -1, /) -> bytes:
            return b"Email\n"

        def __next__(self) -> bytes:
            return next(lines)

    found = open_opt_out_file(Endless(), KEYS).opt_outs()  # type: ignore[arg-type]
    assert next(found).address_hash == KEYS.email_hash("ada0@example.com")
    assert len(list(lines)) == 2


@pytest.mark.parametrize(
    ("written", "known"), [("03/04/2026", None), ("04/04/2026", 4), ("13/04/2026", 13), ("2026-04-03", 3)]
)
def test_day_that_could_be_a_month_is_not_known(written: str, known: int | None) -> None:
    [(_, occurred_at)] = read(f"Email,DateRemoved,Reason\nada@example.com,{written},Unsubscribed\n").values()
    assert occurred_at == (datetime(2026, 4, known, tzinfo=UTC) if known else None)
