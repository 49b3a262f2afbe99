"""The lists of goods."""
