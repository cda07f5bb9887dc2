"""What is thrown away, and when: old rows of the ledger, old files, and a whole channel that nobody wants any more."""
