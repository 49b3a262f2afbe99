"""What pages show of the customers room, worded for their reader: a module a noun."""
