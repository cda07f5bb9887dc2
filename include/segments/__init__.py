"""Segments: groups of people in plain words, kept as tables with a history of membership, and exported as files.

A segment's current members are a table like a report's (`marketing.<segment>`, see `include.reports`); personal data is
not copied into it, but joined when a file is written.
"""
