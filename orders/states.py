"""The words of orders: how far they are, how they are paid, what becomes of them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Method(TextChoices):
    """How money was paid."""

    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    CARD = "card", _("Bank card")
    TRANSFER = "transfer", _("Transfer")
    CASH = "cash", _("Cash")
    CHEQUE = "cheque", _("Cheque")
    ACCEPTANCE = "acceptance", _("Bank acceptance")


# Paid by a paper that has its own due day (FIN-03, FIN-04).
BILL_METHODS = (Method.CHEQUE, Method.ACCEPTANCE)


class Whose(TextChoices):
    """Whose the credit of a deposit is, to whoever takes it; never a name (decision 4).

    `address` where an address has still to say it, `refused` where nobody but a manager may sell.
    """

    YOURS = "yours", _("The credit is yours")
    FILER = "filer", _("The credit goes to the filer")
    COLLEAGUE = "colleague", _("The credit goes to a colleague")
    SHARED = "shared", _("The credit is shared")
    HOME = "home", _("The credit goes to the home region")
    RULED = "ruled", _("A person decides whose the credit is")
    ADDRESS = "address", _("The address says whose the credit is")
    REFUSED = "refused", _("A manager takes this order")


class OrderChannel(TextChoices):
    """How an order reached us."""

    IN_STORE = "in_store", _("In the store")
    PHONE = "phone", _("By phone")
    FAX = "fax", _("By fax")
    MAIL = "mail", _("By mail")
    WECHAT = "wechat", _("By WeChat")


class QuoteState(TextChoices):
    """What became of a quote. Past its last day is a comparison with today."""

    OPEN = "open", pgettext_lazy("quote", "Open")
    ORDERED = "ordered", _("Ordered")
    DECLINED = "declined", pgettext_lazy("quote", "Declined")


class OrderState(TextChoices):
    """How far an order as a whole is; what its goods do stands at its lines."""

    RECEIVED = "received", pgettext_lazy("order", "Received")
    CHECKED = "checked", pgettext_lazy("order", "Checked")
    CONFIRMED = "confirmed", pgettext_lazy("order", "Confirmed")
    DELIVERED = "delivered", pgettext_lazy("order", "Delivered")
    SETTLED = "settled", pgettext_lazy("order", "Settled")
    ARCHIVED = "archived", pgettext_lazy("order", "Archived")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


# Nothing about it changes any more.
CLOSED_ORDERS = (OrderState.SETTLED, OrderState.ARCHIVED, OrderState.CANCELLED)
# Still to be worked on by the store; and with what may still be owed.
RUNNING_ORDERS = (OrderState.RECEIVED, OrderState.CHECKED, OrderState.CONFIRMED)
OPEN_ORDERS = (*RUNNING_ORDERS, OrderState.DELIVERED)


class LineState(TextChoices):
    """How far the goods of one line are, in the order in which they go."""

    OPEN = "open", pgettext_lazy("line", "To be allocated")
    ALLOCATED = "allocated", pgettext_lazy("line", "Allocated")
    SUBMITTED = "submitted", pgettext_lazy("line", "Submitted")
    IN_PRODUCTION = "in_production", pgettext_lazy("line", "In production")
    ARRIVED = "arrived", pgettext_lazy("line", "Arrived")
    READY = "ready", pgettext_lazy("line", "Ready")
    SHIPPED = "shipped", pgettext_lazy("line", "Shipped")
    DELIVERED = "delivered", pgettext_lazy("line", "Delivered")
    CANCELLED = "cancelled", pgettext_lazy("line", "Cancelled")


# At least submitted to whoever makes or sends it; at least with us.
SUBMITTED_LINES = (
    LineState.SUBMITTED,
    LineState.IN_PRODUCTION,
    LineState.ARRIVED,
    LineState.READY,
    LineState.SHIPPED,
    LineState.DELIVERED,
)
ARRIVED_LINES = (LineState.ARRIVED, LineState.READY, LineState.SHIPPED, LineState.DELIVERED)


class Supply(TextChoices):
    """Where the goods of a line come from (ORD-03)."""

    STOCK = "stock", pgettext_lazy("supply", "Stock")
    PURCHASE = "purchase", pgettext_lazy("supply", "Purchase")
    PRODUCTION = "production", pgettext_lazy("supply", "Production")
    FLOOR_SAMPLE = "floor_sample", pgettext_lazy("supply", "Floor sample")


class MilestoneKind(TextChoices):
    """What is planned and reached, for an order or a line of it."""

    CHECKED = "checked", pgettext_lazy("milestone", "Checked")
    CONFIRMED = "confirmed", pgettext_lazy("milestone", "Confirmed")
    SIGNED = "signed", pgettext_lazy("milestone", "Signed")
    ALLOCATED = "allocated", pgettext_lazy("milestone", "Allocated")
    SUBMITTED = "submitted", pgettext_lazy("milestone", "Submitted")
    IN_PRODUCTION = "in_production", pgettext_lazy("milestone", "In production")
    ARRIVED = "arrived", pgettext_lazy("milestone", "Arrived")
    READY = "ready", pgettext_lazy("milestone", "Ready")
    SHIPPED = "shipped", pgettext_lazy("milestone", "Shipped")
    DELIVERED = "delivered", pgettext_lazy("milestone", "Delivered")
    INSTALLED = "installed", pgettext_lazy("milestone", "Installed")
    SETTLED = "settled", pgettext_lazy("milestone", "Settled")
    ARCHIVED = "archived", pgettext_lazy("milestone", "Archived")


class EventKind(TextChoices):
    """What happened to an order: one line of its history."""

    RECEIVED = "received", _("Order received")
    LINES_PLACED = "lines_placed", _("Lines written down")
    LINE_CHANGED = "line_changed", _("A line was changed")
    LINE_CANCELLED = "line_cancelled", _("A line was cancelled")
    DETAILS_CHANGED = "details_changed", _("Details changed")
    COMPARED = "compared", _("Compared with the customer's original")
    CHECKED = "checked", _("Order checked")
    LETTER_SENT = "letter_sent", _("Confirmation letter sent")
    CONFIRMED = "confirmed", _("Confirmed by the customer")
    SIGNED = "signed", _("Order signed")
    ALLOCATED = "allocated", _("Line allocated")
    SUBMITTED = "submitted", _("Line submitted")
    IN_PRODUCTION = "in_production", _("Line in production")
    ARRIVED = "arrived", _("Goods arrived")
    READY = "ready", _("Goods ready")
    SHIPPED = "shipped", _("Goods shipped")
    TAKEN_BACK = "taken_back", _("A step of a line was taken back")
    DATE_CHANGED = "date_changed", _("A date was changed")
    INCIDENT = "incident", _("Something went wrong")
    INCIDENT_SOLVED = "incident_solved", _("What went wrong was mended")
    PLANNED = "planned", _("Delivery planned")
    RELEASED = "released", _("Delivery released by a manager")
    DELIVERED = "delivered", _("Delivered")
    DELIVERY_CORRECTED = "delivery_corrected", _("Date of the delivery corrected")
    DELIVERY_VOIDED = "delivery_voided", _("Delivery taken back as a mistake")
    INSTALLED = "installed", _("Installed")
    PAID = "paid", _("Payment recorded")
    PAYMENT_CONFIRMED = "payment_confirmed", _("Payment confirmed")
    PAYMENT_RETURNED = "payment_returned", _("Payment given back")
    BILL_MOVED = "bill_moved", _("A bill was discounted, honoured or bounced")
    SLIP_NOTED = "slip_noted", _("Remittance slip noted")
    SLIP_SETTLED = "slip_settled", _("Difference of a slip settled")
    TERMS_CHANGED = "terms_changed", _("Terms of payment changed")
    CREDIT_MADE = "credit_made", _("Credit for the customer")
    CREDIT_CONTACTED = "credit_contacted", _("Customer asked about the credit")
    REFUND_ASKED = "refund_asked", _("Refund asked for")
    REFUND_REFUSED = "refund_refused", _("Refund refused")
    CREDIT_USED = "credit_used", _("Credit offset against another order")
    CREDIT_REFUNDED = "credit_refunded", _("Credit refunded")
    RETURN_ASKED = "return_asked", _("Return or exchange asked for")
    RETURN_DECIDED = "return_decided", _("Return or exchange decided")
    RETURN_SETTLED = "return_settled", _("Return or exchange settled")
    COMMISSION_PAID = "commission_paid", _("Commission paid")
    COMMISSION_CLAWED_BACK = "commission_clawed_back", _("Commission clawed back")
    FILE_ADDED = "file_added", _("Paper attached")
    SETTLED = "settled", _("Settled with finance")
    ARCHIVED = "archived", _("Archived")
    CANCELLED = "cancelled", _("Order cancelled")
    HANDED_OVER = "handed_over", _("Handed to another salesperson")
    IMPORTED = "imported", _("Brought in from the shop's system")


class Checks(TextChoices):
    """What is looked at before an order is checked (ORD-32)."""

    QUANTITY = "quantity", pgettext_lazy("check of an order", "Quantity")
    PRICE = "price", pgettext_lazy("check of an order", "Price")
    PAYMENT = "payment", pgettext_lazy("check of an order", "Way of payment")
    ADDRESS = "address", pgettext_lazy("check of an order", "Address")
    POLICY = "policy", pgettext_lazy("check of an order", "Our rules of sale")


class Terms(TextChoices):
    """When an order is paid (FIN-01)."""

    PREPAID = "prepaid", _("Prepaid: all before delivery")
    ON_DELIVERY = "on_delivery", _("On delivery")
    INSTALMENTS = "instalments", _("Instalments")
    MONTHLY = "monthly", _("Monthly terms")


class DueKind(TextChoices):
    """What the day of an amount due hangs on."""

    ORDERED = "ordered", _("With the order")
    BEFORE_DELIVERY = "before_delivery", _("Before delivery")
    ON_DELIVERY = "on_delivery", pgettext_lazy("due", "On delivery")
    ON_DAY = "on_day", _("On a day")
    MONTH_END = "month_end", _("End of the month of delivery")


class PaymentKind(TextChoices):
    """What a payment is for."""

    DEPOSIT = "deposit", _("Deposit")
    PAYMENT = "payment", pgettext_lazy("money", "Payment")


class BillState(TextChoices):
    """Where a cheque or an acceptance is (FIN-04)."""

    HELD = "held", pgettext_lazy("bill", "In hand")
    DISCOUNTED = "discounted", _("Discounted")
    HONOURED = "honoured", _("Honoured")
    BOUNCED = "bounced", _("Bounced")


class SlipResult(TextChoices):
    """What comparing a remittance slip with its order found (ORD-30, ORD-31)."""

    PASSED = "passed", _("Passed")
    WITHIN_BAND = "within_band", _("Passed within the tolerance")
    SHORT = "short", _("Short")


class CreditKind(TextChoices):
    """The change of an order from which a credit arose (ORD-17)."""

    FEWER = "fewer", _("Fewer items")
    EXCHANGED = "exchanged", _("Exchanged")
    CHEAPER = "cheaper", _("Price lowered")
    RETURNED = "returned", _("Goods returned")
    CANCELLED = "cancelled", pgettext_lazy("credit", "Order cancelled")
    DIFFERENCE = "difference", _("Difference made good")


class CreditUseKind(TextChoices):
    """How a credit went back to its customer."""

    OFFSET = "offset", _("Offset")
    REFUND = "refund", _("Refunded")


class CreditStanding(TextChoices):
    """How a credit stands, worked out from what was done with it and today (forms 2.11)."""

    OPEN = "open", pgettext_lazy("credit", "Kept for the customer")
    OVERDUE = "overdue", pgettext_lazy("credit", "Overdue, not refunded")
    OFFSET = "offset", pgettext_lazy("credit", "Offset")
    REFUNDED = "refunded", pgettext_lazy("credit", "Refunded")


class DateKind(TextChoices):
    """Which date of an order or a line was changed; the promised one stays (ORD-13)."""

    WISHED = "wished", _("Wished by the customer")
    CURRENT = "current", _("Planned delivery")
    ETA = "eta", _("Expected arrival")


class DelayCause(TextChoices):
    """Why a date was changed."""

    SUPPLIER = "supplier", _("Supplier")
    PRODUCTION = "production", _("Production")
    LOGISTICS = "logistics", _("Logistics")
    CUSTOMER = "customer", _("Wish of the customer")
    SITE = "site", _("Home not ready")
    UNPAID = "unpaid", _("Not paid")
    OURS = "ours", _("Our mistake")
    OTHER = "other", _("Other")


class IncidentKind(TextChoices):
    """What went wrong with goods or a date (ORD-36)."""

    LOST = "lost", _("Lost")
    DAMAGED = "damaged", _("Damaged")
    WRONG = "wrong", _("Wrong goods")
    SHORT = "short", pgettext_lazy("incident", "Out of stock")
    DELAYED = "delayed", _("Delayed")


class Preparation(TextChoices):
    """What a delivery needs (forms 2.13)."""

    LOADING = "loading", _("Loading")
    INSTALLATION = "installation", _("Installation")
    LIFT = "lift", _("Lift")
    STAIRS = "stairs", _("Carried up")
    OLD_AWAY = "old_away", _("Old pieces taken away")


class Checked(TextChoices):
    """What is gone through when goods are handed over, by trade (forms 2.16)."""

    CLEAN = "clean", _("Clean")
    FAULTLESS = "faultless", _("Without faults")
    DOCUMENTS = "documents", _("Papers handed over")
    KEYS = "keys", _("Keys handed over")
    COMPLETE = "complete", pgettext_lazy("check", "Complete")
    UNDAMAGED = "undamaged", _("Undamaged")
    INSTALLED = "installed", pgettext_lazy("check", "Installed")
    EXPLAINED = "explained", _("Use explained")


class ReturnKind(TextChoices):
    """What a customer asks for with goods that came back (ORD-37)."""

    RETURN = "return", _("Return")
    EXCHANGE = "exchange", _("Exchange")


class ReturnCause(TextChoices):
    """Why goods come back."""

    CUSTOMER = "customer", _("Customer changed their mind")
    QUALITY = "quality", _("Quality")
    DAMAGED = "damaged", _("Damaged")
    WRONG = "wrong", _("Wrong goods")
    OTHER = "other", _("Other")


class ReturnState(TextChoices):
    """Where a return or an exchange stands."""

    ASKED = "asked", pgettext_lazy("return", "Asked for")
    AGREED = "agreed", pgettext_lazy("return", "Agreed")
    REFUSED = "refused", pgettext_lazy("return", "Refused")
    SETTLED = "settled", pgettext_lazy("return", "Settled")


class CommissionKind(TextChoices):
    """What an entry of a designer's commission says (ORD-18)."""

    PAID = "paid", _("Paid")
    CLAWED_BACK = "clawed_back", _("Clawed back")


class CommissionState(TextChoices):
    """Where a designer's commission stands, from the agreement on (forms 2.12)."""

    SIGNED = "signed", pgettext_lazy("commission", "Agreement signed")
    INTRODUCED = "introduced", pgettext_lazy("commission", "Customer introduced")
    ORDERED = "ordered", pgettext_lazy("commission", "Ordered")
    DONE = "done", pgettext_lazy("commission", "Order completed")
    PAID = "paid", pgettext_lazy("commission", "Commission paid")
    CLAWED_BACK = "clawed_back", pgettext_lazy("commission", "Clawed back")


class FileKind(TextChoices):
    """What a paper kept with an order is."""

    ORIGINAL = "original", _("The customer's own order")
    SIGNED = "signed", _("Signed order")
    CONTRACT = "contract", _("Contract")
    SLIP = "slip", _("Remittance slip")
    HANDOVER = "handover", _("Signed delivery note")
    OTHER = "other", pgettext_lazy("paper", "Other")


class Completion(TextChoices):
    """How far an order is, as a colour that always has its word (ORD-11)."""

    UNPAID = "unpaid", _("Not paid")
    AWAITED = "awaited", _("Goods awaited")
    DELIVERABLE = "deliverable", _("Deliverable")
    DONE = "done", pgettext_lazy("order", "Done")
    OVERDUE = "overdue", pgettext_lazy("order", "Overdue")
    CANCELLED = "cancelled", pgettext_lazy("order", "Cancelled")


class LateWith(TextChoices):
    """What is late about an order that is red."""

    DELIVERY = "delivery", _("planned day has passed")
    PAYMENT = "payment", _("unpaid before delivery")
    RECEIVABLE = "receivable", _("payment overdue")


class PayState(TextChoices):
    """How far an order is paid."""

    NOTHING = "nothing", _("Nothing paid")
    PART = "part", _("Part paid")
    AS_DUE = "as_due", _("Paid as due by now")
    FULL = "full", _("Paid in full")
