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


class Level(TextChoices):
    """How far a person's view of customers reaches."""

    NONE = "none", _("None")
    OWN = "own", _("Own")
    STORE = "store", _("Store")
    ALL = "all", _("All")
