"""Filings worded for their reader."""
