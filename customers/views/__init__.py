"""The pages on which people write about customers."""
