"""Write the data dictionary: `make dictionary`, which a test asks for when the file is stale."""

from __future__ import annotations

from include.dictionary.document import DICTIONARY, document


def main() -> None:
    """Write the file."""
    DICTIONARY.write_text(document(), "utf-8")


if __name__ == "__main__":
    main()
