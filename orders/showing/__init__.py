"""What pages of orders show, as plain values."""
