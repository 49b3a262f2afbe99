"""What a contact answers of the work for which it was not made (FUP-01, FUP-13, AFT-04)."""

from customers.states import GOES_ON, NextKind, Reason
from followups.states import ORDER_ANCHORS, Anchor

# What was agreed with the customer, or asked by them, and waits for a talk.
PROMISES = (Anchor.NEXT_STEP, Anchor.LEAD)
# What else is said in a talk because of it; all the rest is care.
TOLD_BY = {Anchor.REFERRAL: Reason.REFERRAL, Anchor.CAMPAIGN_NEWS: Reason.EVENT}


def is_done_by_talk(
    *,
    anchor: Anchor | str,
    reason: Reason | str,
    next_kind: str,
    none_reason: str,
    has_to_tell: bool = False,
) -> bool:
    """Whether a talk also ends other work that is due with the same customer.

    The grade's cadence is met by any talk, and a filing's duty by any that counts for the filing
    (others have been set apart). What was promised gives way to the next step agreed on,
    or to the reason for which there is none. Care and thanks are given by a talk because of them: a
    call about a quotation asks nobody whether the sofa is fine (AFT-05, AFT-19), and tells nobody
    that a lecture is on another day (ORG-18), and asks for no payment (ORD-20): what an order needs
    is done by its own call. What `has_to_tell` something is ended where that is ticked alone.
    """
    if has_to_tell or anchor in ORDER_ANCHORS:
        return False
    if anchor in (Anchor.CADENCE, Anchor.FILING):
        return True
    if anchor in PROMISES:
        return next_kind != NextKind.NONE or none_reason not in GOES_ON
    return reason == TOLD_BY.get(Anchor(anchor), Reason.CARE)
