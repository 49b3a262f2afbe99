"""The smallest valid rows, a module per room."""
