"""Spreadsheets in and out: strict about what is dangerous, patient with what people type."""
