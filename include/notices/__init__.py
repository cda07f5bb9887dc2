"""Notices: what people are told without asking, and how they are not told the same thing every quarter of an hour."""
