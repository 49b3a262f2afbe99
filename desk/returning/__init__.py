"""An exported list comes back edited: each cell is judged against what it said when it left.

`marks` writes and reads the check that stands on each row, `fields` says what may be edited and
how it is read, `weighing` decides cell by cell without touching anything, `services` asks the
database and writes, `work` does it in the background.
"""
