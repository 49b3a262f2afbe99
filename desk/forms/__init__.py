"""What people type on the desk's screens, turned into clean values."""
