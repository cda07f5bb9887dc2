"""The door to a store: one interface (`door.py`), `soap/` behind it. Knows nothing of the warehouse."""
