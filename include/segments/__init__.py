"""Segments: groups of people in plain words, kept as tables with a history of membership, and exported as files.

A segment's current members are a table like a report's (`marketing.<segment>`, see `include.reports`); personal data is
not copied into it, but joined when a file is written.

model, loading   segment.yml and the folders of sql/segments
refresh, tables  members, and the history of who entered and left
recipients       the views that say how members can be written to
profiles         the shapes in which platforms import people (README there)
export           a segment's files in all its profiles, the current ones or new
export_round     all channels and profiles of one export, made and published together
export_run       one channel in one profile: rows staged and counted, then written; run: what is known of it
member_stream    members with their recipients, in batches
sifting          who is left out, and why; hold_out: the share that a campaign is compared with
staging          what concerns all rows at once: one row per person, the difference, who is blocked
difference       what is new and who is gone, for whoever holds any earlier file; earlier_rows: files read back
companion        the suppression file; sizes: what is as large as expected, and what a person decides
split_files      rows to as many files as a platform asks for; publication: all of them at once, manifest last
export_record    marketing.exports, marketing.export_files, and what was delivered
export_folder    names of files, latest.json, and what is old enough to go; leftovers: what no export renews
"""
