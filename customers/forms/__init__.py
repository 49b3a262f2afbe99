"""What people type about customers, as clean values."""
