"""How figures of goods are shown: words and values for templates and sheets."""
