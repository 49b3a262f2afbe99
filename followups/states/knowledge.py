"""The words of scripts and knowledge (话术、知识库)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ArticleKind(TextChoices):
    """What a page of knowledge is."""

    SCRIPT = "script", _("Script")
    TRAINING = "training", _("Training")


class Situation(TextChoices):
    """When a script stands beside the form."""

    NONE = "", _("Any time")
    FIRST_CONTACT = "first_contact", _("First contact")
    PROPOSAL = "proposal", _("Proposing a solution")
    NEXT_STEP = "next_step", _("Agreeing on the next step")
    DOUBT = "doubt", _("Doubts")
    DECLINED = "declined", _("Does not wish to talk")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")
    REFERRAL = "referral", _("Asking for a referral")
    RENEWAL = "renewal", _("Renewing the insurance")
    STOPPING = "stopping", _("Stopping politely")
