"""The twin of `stock.rules.fifo` and `stock.rules.shelf` that numba compiles.

Everything lies in one array of whole numbers, `cells`: a thing is the number of its first cell, 0
is none, and `cells[thing + FIELD]` what it has. One array keeps the compiler quick. Only
`stock.figures.looping` imports these modules, when many rows are to be reckoned.
"""
