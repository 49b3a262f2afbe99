"""What pages show of the filings room, worded for their reader: a module a noun."""
