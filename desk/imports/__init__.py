"""Customers come in from spreadsheets: read, compared with what is known, shown, written.

`columns` and `words` say what a sheet may hold, `rows` reads it, `standing` asks the database,
`fates` decides about each row without touching anything, `preview` puts it in words, `services`
does it.
"""
