"""How fast the pages are, as ratios to a floor measured in the same interleaved run.

Milliseconds do not carry over to another day or machine; ratios do. `make bench` (SCALE= for the
number of customers). Never a test: nothing here passes or fails.
"""
