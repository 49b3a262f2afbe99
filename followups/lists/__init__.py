"""The lists of the followups room, one module each: columns, filters, sort keys."""
