"""Approvals: a segment far outside its expected size is held back until a person says that it may go.

An answer holds for as long as `expected_size` is what it was and the size goes no further away from it: nobody is asked
every hour about the same people.
"""
