"""The data dictionary: `sql/DATA_DICTIONARY.md`, generated from what declares the tables; never edited by hand."""
