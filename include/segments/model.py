"""What `segment.yml` says: a report's contract, and what a marketer has to know before using the file.

Personal columns are exported only when the file lists them, and they are never stored in the segment's table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, ValidationError, model_validator

from include.channels.values import Text, nearest, refuse
from include.reports.columns import ParameterContract
from include.reports.model import TableContract
from include.reports.names import LIST, Contract, Name
from include.segments.recipients import MEMBERS, RECIPIENT_COLUMNS, Member

Consent = Literal["newsletter", "none", "never_exported"]
Profile = Literal[
    "generic_csv",
    "klaviyo",
    "mailchimp",
    "dotdigital",
    "hubspot",
    "google_customer_match",
    "meta_custom_audience",
]
EXPORT_ROOT = "export_root"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,49}")
_CHANNEL = re.compile(r"[a-z][a-z0-9_]{0,29}")
_CONNECTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}")


def _one_of(known: tuple[str, ...], what: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in known:
            meant = nearest(value, list(known)) or "one of " + ", ".join(known)
            raise refuse(f"is no {what}", f"write {meant}")
        return value

    return AfterValidator(check)


def _like(form: re.Pattern[str], mend: str) -> AfterValidator:
    def check(value: str) -> str:
        if not form.fullmatch(value):
            raise refuse("cannot be used", mend)
        return value

    return AfterValidator(check)


MemberName = Annotated[str, _one_of(MEMBERS, "kind of member")]
ConsentName = Annotated[str, _one_of(get_args(Consent), "basis of consent")]
ProfileName = Annotated[str, _one_of(get_args(Profile), "profile")]
CampaignCode = Annotated[str, _like(_CODE, "write letters, digits, . - and _, 50 at most")]
ChannelCode = Annotated[str, _like(_CHANNEL, "write the code of a channel, as in its file")]
Destination = Annotated[
    str,
    _like(
        _CONNECTION, f"write {EXPORT_ROOT}, or the id of an Airflow connection: letters, digits, . - and _"
    ),
]


class ExpectedSize(Contract):
    """How many members are plausible; outside of it no file is written."""

    minimum: Annotated[int, Field(ge=0)]
    maximum: Annotated[int, Field(gt=0)]

    @model_validator(mode="after")
    def _is_a_range(self) -> ExpectedSize:
        if self.minimum > self.maximum:
            raise refuse("has a minimum above its maximum", "exchange the two")
        return self


class SegmentContract(TableContract):
    """`segment.yml`.

    Attributes:
        based_on: a folder beside this one, its name beginning with _, that says what this file leaves out; inputs,
            parameters and columns are added to its own.
        settings: values of parameters that differ from their defaults.
        description: who is in it, in words a marketer understands, and what the file does not promise.
        why: what it is good for.
        addresses: what a member is: an account, a cart, or a subscriber, which is an entry of a newsletter list.
        owner: the role that answers for it.
        expected_size: how many members are plausible.
        consent: newsletter: only who is subscribed is exported; none: everyone is, with the reason; never_exported:
            membership is kept, and no file is written.
        consent_reason: why nobody has to be asked.
        hold_out_pct: how many of a hundred members are never exported, so that a campaign's effect can be told.
        campaign_code: what links of the campaign are marked with; the segment's name, if left out.
        channels: whose people are in it; every active channel's, if left out.
        personal_columns: columns of the recipients' views that are exported.
        profiles: shapes of the files to write.
        destinations: where they go: export_root, the folder of the segment below the export root, or the id of an
            Airflow connection.
        expected_change_pct: by how many of a hundred rows a file may grow, shrink or be told to be removed, against the
            one delivered last, before a person is asked; up to a hundred rows more or less never matter, unless all of
            ten or more are gone and this is below 100.
        keep_files: how many files stay there, the newest; older ones are deleted, personal data should not pile up.
    """

    based_on: str | None = None
    settings: Mapping[Name, int | float | str | bool] = {}
    description: Text
    why: Text
    addresses: MemberName
    owner: Name
    expected_size: ExpectedSize
    consent: ConsentName = "newsletter"
    consent_reason: Text | None = None
    hold_out_pct: Annotated[int, Field(ge=0, lt=100)] = 0
    campaign_code: CampaignCode | None = None
    channels: Annotated[tuple[ChannelCode, ...], LIST] = ()
    personal_columns: Annotated[tuple[Name, ...], LIST] = ()
    profiles: Annotated[tuple[ProfileName, ...], LIST, Field(min_length=1)] = ("generic_csv",)
    destinations: Annotated[tuple[Destination, ...], LIST, Field(min_length=1)] = (EXPORT_ROOT,)
    # Left out of the contract's fingerprint: how long files are kept changes neither the table nor the file.
    keep_files: Annotated[int, Field(ge=1, exclude=True)] = 10
    # Likewise: it only says when somebody is asked.
    expected_change_pct: Annotated[int, Field(ge=1, exclude=True)] = 50

    @property
    def parameter_values(self) -> Mapping[str, Any]:
        """The parameters with their values; `:campaign_code` can be used without being declared."""
        return {**super().parameter_values, **self.settings, "campaign_code": self.campaign_code}

    @property
    def member(self) -> Member:
        """What a member is."""
        return MEMBERS[MEMBERS.index(self.addresses)]

    @property
    def member_key(self) -> str:
        """Name of the column that holds the member."""
        return f"{self.addresses}_key"

    @property
    def is_exported(self) -> bool:
        """Whether files are written at all."""
        return self.consent != "never_exported"

    @property
    def comment(self) -> str:
        """Comment of the table."""
        return f"{self.grain.rstrip('.')}. {self.description} History: marketing.segment_members."

    @model_validator(mode="after")
    def _is_keyed_by_member(self) -> SegmentContract:
        key = ("channel_code", self.member_key)
        if self.key != key:
            raise refuse("has another key than its members", f"write key: [{', '.join(key)}]")
        followed = self.refresh.scope_columns
        if followed and (self.member_key not in followed or not set(followed) <= set(key)):
            raise refuse(
                "follows something else than its members",
                f"write unit: key and column: {self.member_key} in refresh, or columns: [{', '.join(key)}]",
            )
        return self

    @model_validator(mode="after")
    def _sets_what_it_declares(self) -> SegmentContract:
        declared = {parameter.name: parameter for parameter in self.parameters}
        for name, value in self.settings.items():
            if name not in declared:
                meant = (
                    nearest(name, list(declared))
                    or f"one of {', '.join(declared) or 'none: it has no parameters'}"
                )
                raise refuse(f"sets {name}, which is no parameter of it", f"write {meant}")
            try:
                ParameterContract.model_validate({**declared[name].model_dump(), "default": value})
            except ValidationError:
                raise refuse(
                    f"sets {name} to what is not of kind {declared[name].kind}", "write a value of that kind"
                ) from None
        return self

    @model_validator(mode="after")
    def _says_on_which_consent(self) -> SegmentContract:
        if self.consent == "none" and self.consent_reason is None:
            raise refuse("is exported without consent", "say in consent_reason why nobody has to be asked")
        if self.consent == "newsletter" and self.consent_reason is not None:
            raise refuse("has a consent_reason, though consent is asked for", "take consent_reason out")
        return self

    @model_validator(mode="after")
    def _keeps_personal_data_apart(self) -> SegmentContract:
        for column in self.columns:
            if column.name in RECIPIENT_COLUMNS:
                raise refuse(
                    f"stores {column.name}, which is looked up when a file is written",
                    "list it under personal_columns instead of columns",
                )
        for name in self.personal_columns:
            if name not in RECIPIENT_COLUMNS:
                known = list(RECIPIENT_COLUMNS)
                meant = nearest(name, known) or f"one of {', '.join(known)}"
                raise refuse(f"lists {name}, which is no personal column", f"write {meant}")
        return self
