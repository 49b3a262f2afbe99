"""Roles, duties and kinds of stores (the matrix of who may see what stands in `scope`)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """The nine roles a person can have."""

    SALES_STORE = "sales_store", _("Store salesperson")
    SALES_FIELD = "sales_field", _("Field salesperson")
    STORE_MANAGER = "store_manager", _("Store manager")
    FIELD_SUPERVISOR = "field_supervisor", _("Field supervisor")
    MARKETING_MANAGER = "marketing_manager", _("Marketing manager")
    OPS_MANAGER = "ops_manager", _("Operations manager")
    MERCHANDISER = "merchandiser", _("Merchandiser")
    FINANCE = "finance", _("Finance")
    ADMIN = "admin", _("Administrator")


class PersonState(TextChoices):
    """Whether a person can sign in, and if not, what is missing."""

    ACTIVE = "active", _("Active")
    INVITED = "invited", _("Invited")
    AWAITING = "awaiting", _("To be confirmed")
    DISABLED = "disabled", _("Disabled")


SALES_ROLES = (Role.SALES_STORE, Role.SALES_FIELD)
UNIT_MANAGER_ROLES = (Role.STORE_MANAGER, Role.FIELD_SUPERVISOR)
STORE_BOUND_ROLES = (*SALES_ROLES, *UNIT_MANAGER_ROLES)


class Trade(TextChoices):
    """What a store sells; it decides plans, filing rules and words."""

    CARS = "cars", _("Cars")
    FURNITURE = "furniture", _("Furniture")
    MATTRESSES = "mattresses", _("Mattresses")
    HOME = "home", _("Home furnishing")
    SHOES = "shoes", _("Shoes")


class StoreKind(TextChoices):
    """What a unit is: a field team (业务部) is a unit like a store."""

    STORE = "store", _("Store")
    OFFICE = "office", _("Office")
    WAREHOUSE = "warehouse", _("Warehouse")
    FIELD_TEAM = "field_team", _("Field sales team")


class DutyKind(TextChoices):
    """What a person does beside the role, for a store, a region or another person."""

    SALES_MANAGER = "sales_manager", _("Sales manager")
    DEPARTMENT_MANAGER = "department_manager", _("Department manager")
    ASSISTANT = "assistant", _("Assistant of")
    ORDER_DESK = "order_desk", _("Order desk")
    DELIVERY = "delivery", pgettext_lazy("duty", "Delivery")
    SERVICE_LEAD = "service_lead", _("Service lead")
    VISUAL_DISPLAY = "visual_display", _("Visual display")
    APPEAL = "appeal", _("Appeals")


class AbsenceKind(TextChoices):
    """Why a person is away."""

    LEAVE = "leave", _("Leave")
    ILL = "ill", _("Ill")
    TRAVEL = "travel", _("Travelling for work")
    TRAINING = "training", pgettext_lazy("absence", "Training")


class NoticeKind(TextChoices):
    """What a person is told of."""

    ESCALATED = "escalated", _("Something overdue was reported up to you")
    CASE_ASSIGNED = "case_assigned", _("A service case is yours")
    CASE_LATE = "case_late", _("A service case is past its clock")
    LEAD_OFFERED = "lead_offered", _("A lead is offered to you")
    HANDED_OVER = "handed_over", _("Customers were handed to you")
    STANDING_IN = "standing_in", _("You stand in for somebody")
    AWAY = "away", _("Somebody wrote down that you are away")
    PLAN_CHANGED = "plan_changed", _("A plan of care was changed")
    PROPOSAL = "proposal", _("Somebody proposes a change of a script")
    PROPOSAL_DECIDED = "proposal_decided", _("What you proposed was decided")
    FILING_CLOCK = "filing_clock", _("A filing nears a limit, or has lapsed")
    FILING_FREE = "filing_free", _("A customer you were refused is free")
    FILING_REVIEW = "filing_review", _("A filing waits for its review, or was reviewed")
    EXTENSION = "extension", _("An extension was asked for or decided")
    DISPUTE = "dispute", _("A dispute about a lead concerns you")
    RULING = "ruling", _("A ruling was made")
    CREDIT = "credit", _("A deposit was taken from a customer you filed")
    SPECIAL_PRICE = "special_price", _("A special price was asked for or decided")
    ORDER = "order", _("An order needs you")
    CARD_CHANGED = "card_changed", _("A colleague changed the card of a customer of yours")


class TargetKind(TextChoices):
    """What a target counts."""

    ORDERS = "orders", _("Orders")
    DELIVERIES = "deliveries", pgettext_lazy("target", "Deliveries")


class RobotKind(TextChoices):
    """Whose group robot it is."""

    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")


class OutgoingState(TextChoices):
    """Where a message that leaves the building stands."""

    WAITING = "waiting", pgettext_lazy("message", "Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", pgettext_lazy("message", "Sent")
    FAILED = "failed", _("Given up")
    HELD = "held", _("Held back on a restored copy")


class Level(TextChoices):
    """How far a person's view of customers reaches."""

    NONE = "none", _("None")
    OWN = "own", _("Own")
    STORE = "store", _("Store")
    ALL = "all", _("All")
