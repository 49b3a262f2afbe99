"""The words of surveys (调查表)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QuestionKind(TextChoices):
    """What an answer is."""

    SCALE = "scale", _("1 to 5")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of several")
    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    LIKELIHOOD = "likelihood", _("0 to 10")


class Branch(TextChoices):
    """What an answer to a question leads to (AFT-10, AFT-15 … AFT-18)."""

    NONE = "", _("Nothing")
    COMPLAINT = "complaint", _("Yes opens a complaint")
    HELP = "help", _("Yes opens a need")
    RENEWAL = "renewal", _("The insurance is renewed or not")
    REFERRAL = "referral", _("Somebody they recommend us to")
    REPLACEMENT = "replacement", _("When they mean to replace it")
    HOBBIES = "hobbies", _("Kept as hobbies on the card")


class Satisfaction(TextChoices):
    """What a whole survey says."""

    SATISFIED = "satisfied", _("Satisfied")
    FAIR = "fair", _("Fair")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")
    UNKNOWN = "", _("Not said")


class Renewal(TextChoices):
    """What an owner says of renewing the insurance (T5)."""

    RENEWED = "renewed", _("Renewed")
    NOT_RENEWING = "not_renewing", _("Not renewing")
    CONSIDERING = "considering", _("Considering")
