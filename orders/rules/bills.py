"""Cheques and acceptances: which way each goes (FIN-04)."""

from collections.abc import Mapping

from orders.states import BillState

# Honoured and bounced are the end of a bill.
BILL_MOVES: Mapping[BillState, frozenset[BillState]] = {
    BillState.HELD: frozenset({BillState.DISCOUNTED, BillState.HONOURED, BillState.BOUNCED}),
    BillState.DISCOUNTED: frozenset({BillState.HONOURED, BillState.BOUNCED}),
    BillState.HONOURED: frozenset(),
    BillState.BOUNCED: frozenset(),
}


def may_bill_move(before: BillState | str, after: BillState | str) -> bool:
    """Whether a bill goes from one state to the other."""
    return BillState(after) in BILL_MOVES[BillState(before)]
