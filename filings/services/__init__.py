"""Writes of the filings room."""

from filings.services.measuring import record_measuring

__all__ = ["record_measuring"]
