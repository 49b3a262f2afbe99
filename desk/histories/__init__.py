"""Old ledgers come in: contacts and opportunities of customers who are known already.

`columns` and `words` say what a workbook may hold, `books` opens it, `rows` reads it, `standing`
asks the database, `services` weighs it, does it and takes it back, `preview` puts it in words,
`work` does it in the background. The machinery is that of `desk.imports`.
"""
