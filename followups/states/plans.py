"""The words of plans, obligations and tasks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Anchor(TextChoices):
    """What a step counts from."""

    DELIVERY = "delivery", _("Delivery")
    PURCHASE = "purchase", _("Purchase")
    CADENCE = "cadence", _("Last effective contact, by grade")
    NEXT_STEP = "next_step", _("The next step agreed")
    APPOINTMENT = "appointment", _("An appointment")
    REFERRAL = "referral", _("A customer they sent us")
    LEAD = "lead", _("A known customer who asked again")
    BIRTHDAY = "birthday", _("The customer's birthday")
    HOUSEHOLD_BIRTHDAY = "household_birthday", _("A birthday in the household")
    KEY_BIRTHDAY = "key_birthday", _("A key person's birthday")
    INSURANCE = "insurance", _("End of the insurance")
    FIRST_SERVICE = "first_service", _("First service")
    WARRANTY = "warranty", _("End of the warranty")
    CASE = "case", _("A service case")
    SATISFACTION = "satisfaction", _("A solved service case")
    CAMPAIGN = "campaign", _("An invitation")
    CAMPAIGN_NEWS = "campaign_news", _("A campaign that changed for a guest who is coming")
    FILING = "filing", _("The last follow-up of a filed customer")
    ORDER_DELIVERY = "order_delivery", _("A planned delivery that is not paid yet")
    RECEIVABLE = "receivable", _("An amount that falls due")
    CREDIT = "credit", _("An amount kept for the customer")
    ORDER_NEWS = "order_news", _("Something about an order that the customer must be told")


# What an owned product says: the subject of their steps is the product.
PRODUCT_ANCHORS = (
    Anchor.DELIVERY,
    Anchor.PURCHASE,
    Anchor.INSURANCE,
    Anchor.FIRST_SERVICE,
    Anchor.WARRANTY,
)
# Care planned from the day of the sale; until its last day it replaces the cadence.
PLANNED_ANCHORS = (Anchor.DELIVERY, Anchor.PURCHASE)
# Days ahead, so that steps may come before them.
TERM_ANCHORS = (Anchor.INSURANCE, Anchor.FIRST_SERVICE, Anchor.WARRANTY)
# Their occurrence is the year in which they end: each year has its own.
YEARLY_ANCHORS = (Anchor.INSURANCE, Anchor.WARRANTY)
# Come again each year; the subject is whose birthday it is.
BIRTHDAY_ANCHORS = (Anchor.BIRTHDAY, Anchor.HOUSEHOLD_BIRTHDAY, Anchor.KEY_BIRTHDAY)
# What was agreed with the customer, or asked by them: open, it replaces the cadence (decision 9).
AGREED_ANCHORS = (Anchor.NEXT_STEP, Anchor.APPOINTMENT, Anchor.LEAD)
# What is to be done about a service case, and afterwards; its subject is the case.
CASE_ANCHORS = (Anchor.CASE, Anchor.SATISFACTION)
# What an order says: its days stand in `AnchorDay`, the subject is the row above that says so. What
# a contract needs is neither put off by a wish for silence nor does it replace the cadence.
ORDER_ANCHORS = (
    Anchor.ORDER_DELIVERY,
    Anchor.RECEIVABLE,
    Anchor.CREDIT,
    Anchor.ORDER_NEWS,
)
# Days ahead, to which one may count down.
AHEAD_ANCHORS = (
    *TERM_ANCHORS,
    Anchor.ORDER_DELIVERY,
    Anchor.RECEIVABLE,
    Anchor.CREDIT,
)
# Steps that people's acts open: no plan decides when they fall due, so that none edits them.
ACT_ANCHORS = (
    *AGREED_ANCHORS,
    Anchor.REFERRAL,
    *CASE_ANCHORS,
    Anchor.CAMPAIGN,
    Anchor.CAMPAIGN_NEWS,
    Anchor.FILING,
)


class Unit(TextChoices):
    """In what an offset is counted."""

    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    WORKING_DAYS = "working_days", _("working days")
    MONTHS = "months", _("months")


class Assignee(TextChoices):
    """Who does a step."""

    KEEPER = "keeper", _("Keeper")
    SELLER = "seller", _("Selling salesperson")
    SALES_MANAGER = "sales_manager", _("Sales manager")
    SERVICE_LEAD = "service_lead", _("Service lead")


# Done by who leads the customer's store, whoever that is by now.
LEADING = (Assignee.SALES_MANAGER, Assignee.SERVICE_LEAD)


class Way(TextChoices):
    """How a step is done; letters and greetings stay apart from contacts (decision 19)."""

    CALL = "call", _("Call")
    WECHAT = "wechat", _("WeChat")
    STORE_VISIT = "store_visit", _("Store visit")
    HOME_VISIT = "home_visit", _("Home visit")
    MEASURING = "measuring", _("Measuring")
    TEST_DRIVE = "test_drive", _("Test drive")
    LETTER = "letter", _("Letter")
    GREETING = "greeting", _("Greeting")


APART_WAYS = (Way.LETTER, Way.GREETING)


class State(TextChoices):
    """Where an obligation or a task stands. Overdue is not a state: it is a comparison with now."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")
    CANCELLED = "cancelled", _("Cancelled")
    SUSPENDED = "suspended", _("Suspended")


# Still to be done, now or when the customer may be talked to again.
WAITING = (State.OPEN, State.SUSPENDED)


class Cause(TextChoices):
    """Why an obligation was cancelled; what was left over comes back with its step or anchor."""

    LEFT_OVER = "left_over", _("Its step or anchor is gone")
    REPLACED = "replaced", _("Something else takes its place")
    SILENCE = "silence", _("Fell due while no contact was wished")
    GIVEN_UP = "given_up", _("The customer was given up")
    ANSWERED = "answered", _("Answered before it was due")
    VOIDED = "voided", _("Its contact was taken back")
    CALLED_OFF = "called_off", _("Its appointment was moved, missed or cancelled")


class SkipReason(TextChoices):
    """Why a task is skipped."""

    ALREADY_DONE = "already_done", _("Done another way")
    AWAY = "away", _("Customer is away")
    NOT_NEEDED = "not_needed", _("Not needed")
    WRONG = "wrong", _("Made by mistake")


class MoveReason(TextChoices):
    """Why a task is moved to another day."""

    CUSTOMER_ASKED = "customer_asked", _("Customer asked")
    NO_TIME = "no_time", _("No time today")
    NO_ANSWER = "no_answer", _("No answer, try again")
    OTHER = "other", _("Other")
