"""Back to the store: what the CRM side decides, asked and written with care, since a store forgives nothing twice."""
