"""Shapes of segment files, one per platform: headers, values, hashes and limits that its import takes unchanged.

Pure code: a recipient in, cells out; nothing here knows the database or a disk. Every platform cleans addresses,
numbers and names in its own way, so values are made per profile and never once for all.
"""
