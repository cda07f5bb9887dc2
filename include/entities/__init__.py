"""What flows: one module per entity declares its fields once; DDL, mapping, checks and dictionary derive from it."""
