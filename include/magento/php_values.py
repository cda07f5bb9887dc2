"""Just enough of PHP's serialisation to look into product options: the members of the outermost array.

Lengths in it count bytes of the shop's database, which a character replaced or lost on the way (a vertical tab arrives
as the text `&#11;`) makes wrong; a text whose length is wrong ends at the next `";` instead. Nothing is ever raised.
"""

from __future__ import annotations

SCALAR_END = b";"
TEXT_END = b'";'


def top_level(serialised: str) -> dict[str, str]:
    """Name to serialised value of the outermost array; {} for anything else or when unreadable."""
    data = serialised.encode()
    try:
        return dict(_members(data))
    except (ValueError, IndexError):
        return {}


def _members(data: bytes) -> list[tuple[str, str]]:
    if not data.startswith(b"a:"):
        return []
    count, at = _array_head(data, 0)
    members = []
    for _ in range(count):
        key_end = _value_end(data, at)
        end = _value_end(data, key_end)
        members.append((_name(data[at:key_end]), data[key_end:end].decode()))
        at = end
    return members


def _name(key: bytes) -> str:
    """`s:3:"qty";` is qty, `i:5;` is 5."""
    return key.split(b":", 2)[2][1:-2].decode() if key.startswith(b"s:") else key[2:-1].decode()


def _array_head(data: bytes, at: int) -> tuple[int, int]:
    """Number of members and the place of the first, of `a:2:{...}` at `at`."""
    colon = data.index(b":", at + 2)
    return int(data[at + 2 : colon]), colon + 2


def _value_end(data: bytes, at: int) -> int:
    """The place behind the value that begins at `at`."""
    kind = data[at : at + 1]
    if kind == b"s":
        colon = data.index(b":", at + 2)
        end = colon + int(data[at + 2 : colon]) + 4
        return end if data[end - 2 : end] == TEXT_END else data.index(TEXT_END, colon + 2) + 2
    if kind == b"a":
        count, inner = _array_head(data, at)
        for _ in range(2 * count):
            inner = _value_end(data, inner)
        return inner + 1
    if kind in (b"i", b"d", b"b", b"N"):
        return data.index(SCALAR_END, at) + 1
    raise ValueError("objects and references are not read")
