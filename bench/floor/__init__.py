"""The floor: the least Django that shows the same rows of the same database.

No scope, no masking beyond the stored text, no filters: what a page cannot cost less than.
"""
