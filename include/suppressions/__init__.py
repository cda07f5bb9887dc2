"""Suppressions: addresses nobody may write to, whatever consent says. Known by their keyed hash only.

tables         marketing.suppressions, and the opt-out files it was fed from
suppressing    noting them, and lifting one by hand
telling        bringing them to the stores' newsletters
probe          which of a batch of addresses are suppressed, for an export
opt_out_forms  which platform's file this is, by its header, and what a row of it says
opt_out_file   one file, read through; the line that is wrong
intake         the folder that files are dropped in
"""
