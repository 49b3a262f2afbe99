"""Figures in bulk: from the kept sums of the ledger to the parts of every figure, and from parts to
figures. Heavy libraries are imported where they are used, so that a page does not wait for them:
`bulk` and `compiled` need them, the rest of this package does not.
"""
