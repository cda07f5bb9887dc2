"""Just enough of PHP's serialisation to look into product options: the members of the outermost array.

Lengths in it count bytes of the shop's database, which a character replaced or lost on the way (a vertical tab arrives
as the text `&#11;`) makes wrong; a text whose length is wrong ends at the next `";` instead. Nothing is ever raised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

TEXT_END = b'";'
# Length of a text, beginning of an array, end of one; all else that is read has no inside.
TOKEN = re.compile(rb's:(\d+):"|(a:\d+:\{)|(\})|[idb]:[^;]*;|N;')


def members(serialised: str) -> Iterator[tuple[str, str]]:
    """Name and serialised value of each member of the outermost array, up to where it cannot be read.

    One by one, since what is looked for stands first as a rule, and an order's options are long.
    """
    data = serialised.encode()
    head = TOKEN.match(data)
    if head is None or head[2] is None:
        return
    with suppress(ValueError):
        values = _values(data, head.end())
        for key, value in zip(values, values, strict=False):
            yield _name(key), value.decode()


def _values(data: bytes, at: int) -> Iterator[bytes]:
    """Keys and values in turn, of the array whose inside begins at `at`."""
    begin, depth = at, 0
    while True:
        token = TOKEN.match(data, at)
        if token is None:
            raise ValueError("objects and references are not read")
        length, opens, closes = token.groups()
        at = token.end()
        if opens:
            depth += 1
            continue
        if closes:
            depth -= 1
            if depth < 0:
                return
        elif length:
            at = _text_end(data, at, int(length))
        if not depth:
            yield data[begin:at]
            begin = at


def _text_end(data: bytes, at: int, length: int) -> int:
    end = at + length + 2
    return end if data[end - 2 : end] == TEXT_END else data.index(TEXT_END, at) + 2


def _name(key: bytes) -> str:
    """`s:3:"qty";` is qty, `i:5;` is 5."""
    return key.split(b":", 2)[2][1:-2].decode() if key.startswith(b"s:") else key[2:-1].decode()
