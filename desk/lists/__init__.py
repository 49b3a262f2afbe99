"""The lists of the desk, one module each: columns, filters, sort keys."""
