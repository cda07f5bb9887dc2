"""The warehouse: its server, the way in, its schemas and tables, and how rows get there."""
