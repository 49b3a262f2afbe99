"""What changes stock: the ledger that comes in, the sums that are kept of it."""
