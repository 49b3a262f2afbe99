"""The lists of the customers room, one module each: columns, filters, sort keys."""
