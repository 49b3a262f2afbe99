"""Ways out of the building: mail, and the group robots of WeCom, DingTalk and Feishu.

Each way is thin: it words the request as its service wants it and reads the answer. It knows no
rows, holds no transaction, and says of a message that did not get through what that means.
"""

from staff.outgoing.message import NOBODY_KNOWS, WAY_FAILS, Message, Undelivered, Why
from staff.outgoing.robots import LIMITS, address_blockers, identity, post, shown_address

__all__ = [
    "LIMITS",
    "NOBODY_KNOWS",
    "WAY_FAILS",
    "Message",
    "Undelivered",
    "Why",
    "address_blockers",
    "identity",
    "post",
    "shown_address",
]
