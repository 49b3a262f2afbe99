"""How stock speaks: sentences made when they are read."""
