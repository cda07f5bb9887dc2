"""Erasing a person: found by a keyed hash of the e-mail, anonymised wherever the warehouse keeps personal data."""
