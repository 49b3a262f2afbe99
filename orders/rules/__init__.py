"""Pure rules of orders; each names its clause."""
