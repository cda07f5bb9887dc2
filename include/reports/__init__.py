"""Tables that a query fills: contracts from folders, one transaction per refresh, checks before anyone sees the rows.

The engine knows no report by name. Segments (`include.segments`) run on it too: their members are such a table.
"""
