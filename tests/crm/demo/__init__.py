"""The demonstration, looked at from many sides."""

CUSTOMERS, LEADS, BUYERS = 300, 44, 36
