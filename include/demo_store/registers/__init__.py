"""Which records exist, and since when: columns of a few numbers per record, filled up to an instant when first asked.

A newcomer would fill them all at the start: most shops in tests are never asked for carts or papers, and finding them
takes as long again as finding the orders.
"""
