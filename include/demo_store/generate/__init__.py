"""Makes the shop's records: each is a function of (seed, id, clock), so nothing has to be kept.

A newcomer would look for a database: there is none. Ask for record 4711 twice and it is made twice, equally.
"""
