"""The lists of the filings room."""
