"""Orders of the shop's own system come in: one row a line, by the steps of `desk.imports`.

`columns` and `words` say what a sheet may hold, `rows` reads it, `sorting` puts the rows together
by order, `standing` asks the database, `fates` decides without touching anything, `preview` puts it
in words, `services` does it, `work` names it for the background.
"""
