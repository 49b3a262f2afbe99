"""The pages of the staff room."""
