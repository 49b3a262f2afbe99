"""What people type on the pages of follow-up, as clean values."""

from followups.forms.contacts import ContactForm, VoidForm
from followups.forms.deliveries import DeliveryForm
from followups.forms.plans import PlanForm, SampleForm, StepForm, StepFormSet
from followups.forms.refusals import show_refusal
from followups.forms.tasks import MoveForm, SkipForm

__all__ = [
    "ContactForm",
    "DeliveryForm",
    "MoveForm",
    "PlanForm",
    "SampleForm",
    "SkipForm",
    "StepForm",
    "StepFormSet",
    "VoidForm",
    "show_refusal",
]
