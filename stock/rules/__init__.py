"""Pure rules of stock and its figures; each names its clause.

Quantities are whole pairs, money is Decimal yuan, a ratio is an exact Fraction (1/2 is 50 %), a
period is a closed interval of calendar days. A figure that cannot be computed is None and says why.
"""

from stock.rules.floor import check_price, floor_price

__all__ = ["check_price", "floor_price"]
