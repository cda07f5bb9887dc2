"""How it flows: windows, ledger, extract, validate, quarantine, upsert. No entity is named here."""
