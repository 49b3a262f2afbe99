"""What people type on the pages of follow-up, as clean values."""

from followups.forms.appointments import AppointmentForm, CancelForm, CloseForm, ResourceForm
from followups.forms.branches import BranchesForm
from followups.forms.contacts import ContactForm
from followups.forms.deliveries import ChangeProductForm, DeliveryForm
from followups.forms.measuring import MeasuringForm
from followups.forms.plans import (
    LookForm,
    NewPlanForm,
    PlanForm,
    SampleForm,
    StepForm,
    StepFormSet,
)
from followups.forms.products import EndProductForm, ProductEventForm, WhyForm
from followups.forms.surveys import SurveyForm
from followups.forms.tasks import GiveForm, MoveForm, SkipForm, VoidForm

__all__ = [
    "AppointmentForm",
    "BranchesForm",
    "CancelForm",
    "ChangeProductForm",
    "CloseForm",
    "ContactForm",
    "DeliveryForm",
    "EndProductForm",
    "GiveForm",
    "LookForm",
    "MeasuringForm",
    "MoveForm",
    "NewPlanForm",
    "PlanForm",
    "ProductEventForm",
    "ResourceForm",
    "SampleForm",
    "SkipForm",
    "StepForm",
    "StepFormSet",
    "SurveyForm",
    "VoidForm",
    "WhyForm",
]
