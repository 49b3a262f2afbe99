"""How orders speak: sentences made when they are read."""
