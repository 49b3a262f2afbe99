"""What is typed for orders."""
