"""Lists of orders: their columns, filters and sorts."""
