"""The pages of goods."""
