"""Reads the channel files: the channels that are right, and one sentence for each file that is not.

A bad file never breaks the others, so callers must look at `refused`: a missing channel may be a refused one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from include.channels.model import ENTITY_NAMES, Channel
from include.channels.problems import Problem, problems_of
from include.channels.values import nearest
from include.channels.yaml_file import UnreadableFileError, read_settings
from include.errors import ConfigError

_SUFFIXES = frozenset({".yml", ".yaml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a channel file is not used.

    Attributes:
        file: name of the file, without folder.
        field: the setting the problem is about, or "the file".
        problem: what is wrong with it.
        mend: what to do.
        further: how many more problems the file has.
        code: the channel code that the file claims, where it can be read.
    """

    file: str
    field: str
    problem: str
    mend: str
    further: int = 0
    code: str | None = None

    @property
    def sentence(self) -> str:
        """File, field and mend in one sentence."""
        more = f" ({self.further} more to mend in this file)" if self.further else ""
        return f"Channel file {self.file} is refused: {self.field} {self.problem}; {self.mend}{more}."

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSet:
    """The channels of a folder by their code, and the files that were refused by their name."""

    channels: tuple[Channel, ...]
    refused: tuple[Refusal, ...]


def load_channels(folder: Path, entity_names: Sequence[str] = ENTITY_NAMES) -> ChannelSet:
    """Every channel of the folder (`*.yml`, `*.yaml`; hidden files and subfolders are not looked at).

    Args:
        folder: the channel files' folder.
        entity_names: the entities that can be synced.

    Raises:
        ConfigError: the folder itself cannot be read.
    """
    loaded = [_load(path, entity_names) for path in _channel_files(folder)]
    refused = [item for item in loaded if isinstance(item, Refusal)]
    accepted: dict[str, Channel] = {}
    for file, channel in sorted((i for i in loaded if not isinstance(i, Refusal)), key=_precedence):
        clash = _clash(channel, accepted)
        if clash:
            refused.append(_refusal(file, [clash], channel.code))
        else:
            accepted[file] = channel
    return ChannelSet(
        channels=tuple(sorted(accepted.values(), key=lambda channel: channel.code)),
        refused=tuple(sorted(refused, key=lambda refusal: refusal.file)),
    )


def get_channel(folder: Path, code: str, entity_names: Sequence[str] = ENTITY_NAMES) -> Channel:
    """The channel with this code.

    Raises:
        ConfigError: there is none, or its file is refused.
    """
    found = load_channels(folder, entity_names)
    for channel in found.channels:
        if channel.code == code:
            return channel
    for refusal in found.refused:
        if code in (refusal.code, Path(refusal.file).stem):
            raise ConfigError(refusal.sentence)
    codes = [channel.code for channel in found.channels]
    meant = nearest(code, codes)
    known = f"did you mean {meant}" if meant else f"known are {', '.join(codes) or 'none yet'}"
    raise ConfigError(f"There is no channel {code!r}; {known}: see the channel files in {folder}.")


def get_active_channel(folder: Path, code: str, entity_names: Sequence[str] = ENTITY_NAMES) -> Channel:
    """The channel with this code, to be read from.

    Raises:
        ConfigError: there is none, its file is refused, or it is not active.
    """
    channel = get_channel(folder, code, entity_names)
    if not channel.active:
        raise ConfigError(
            f"Channel {code} is not active, so nothing is read from its store: write `active: true` into its file, or "
            "ask for another channel."
        )
    return channel


def _channel_files(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        raise ConfigError(
            f"The folder of the channel files cannot be read: create {folder}, or set CRM_CHANNELS_DIR right."
        ) from None
    return [path for path in entries if path.suffix in _SUFFIXES and not path.name.startswith(".")]


def _load(path: Path, entity_names: Sequence[str]) -> tuple[str, Channel] | Refusal:
    try:
        settings = read_settings(path)
    except UnreadableFileError as error:
        return _refusal(path.name, [error.problem], None)
    try:
        channel = Channel.model_validate(settings, context={"entity_names": tuple(entity_names)})
    except ValidationError as error:
        return _refusal(path.name, problems_of(error), settings.get("code"))
    return path.name, channel


def _refusal(file: str, problems: list[Problem], code: Any) -> Refusal:
    first = problems[0]
    return Refusal(
        file=file,
        field=first.field,
        problem=first.problem,
        mend=first.mend,
        further=len(problems) - 1,
        code=code if isinstance(code, str) else None,
    )


def _precedence(item: tuple[str, Channel]) -> tuple[bool, str]:
    # The file named after its code comes first: a copy in which the code was not changed yet must not push
    # out the channel it was copied from.
    file, channel = item
    return Path(file).stem != channel.code, file


def _clash(channel: Channel, accepted: dict[str, Channel]) -> Problem | None:
    for file, other in accepted.items():
        if other.code == channel.code:
            return Problem(
                field="code", problem=f"is already used by {file}", mend="give this channel a code of its own"
            )
        if other.connection_id == channel.connection_id and _share_websites(channel, other):
            return Problem(
                field="websites",
                problem=f"of connection {channel.connection_id} are already synced by {file}",
                mend="name other website ids or another connection_id",
            )
    return None


def _share_websites(one: Channel, other: Channel) -> bool:
    # `all` beside a limited channel is meant: records without a store belong to the channel with `all`.
    if one.websites == "all" or other.websites == "all":
        return one.websites == other.websites
    return bool(set(one.websites) & set(other.websites))
