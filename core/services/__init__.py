"""Writes of the ground floor: audit, form-once, jobs, files, the business calendar."""
