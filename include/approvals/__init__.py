"""Approvals: a segment far outside its expected size is held back until a person says that it may go.

An answer holds for a week, for as long as contract and query are what they were and sizes go no further away from what
is expected: nobody is asked every hour about the same people.
"""
