"""Worked cases and the terms of a policy, written down in files and read back."""
