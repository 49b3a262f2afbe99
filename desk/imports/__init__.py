"""Customers come in from spreadsheets: read, compared with what is known, shown, written.

`columns` and `words` say what a sheet may hold, `sheets` and `rows` read it, `standing` asks the
database, `sorting` puts the rows together by customer, `fates` decides without touching anything,
`preview` puts it in words, `services` does it, `work` does it in the background.
"""
