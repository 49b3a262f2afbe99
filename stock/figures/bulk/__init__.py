"""Many places at once, in numpy and pandas: imported only by the functions that need it."""
