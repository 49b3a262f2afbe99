"""Forms of the filings room, a module a noun."""
