"""Plans and what falls due by them; what is asked, told and done on the way."""

from followups.models.cases import Case, CaseEvent
from followups.models.escalations import Escalation
from followups.models.knowledge import Article, ArticleProposal, ArticleVersion
from followups.models.orders import AnchorDay, Chore
from followups.models.outreach import Campaign, Festival, Greeting, Invitation, Wording
from followups.models.plans import Plan, PlanVersion, Step, StepVersion
from followups.models.surveys import (
    Option,
    Question,
    Survey,
    SurveyAnswer,
    SurveyResult,
    SurveyVersion,
)
from followups.models.tasks import Course, Obligation, Task

__all__ = [
    "AnchorDay",
    "Article",
    "ArticleProposal",
    "ArticleVersion",
    "Campaign",
    "Case",
    "CaseEvent",
    "Chore",
    "Course",
    "Escalation",
    "Festival",
    "Greeting",
    "Invitation",
    "Obligation",
    "Option",
    "Plan",
    "PlanVersion",
    "Question",
    "Step",
    "StepVersion",
    "Survey",
    "SurveyAnswer",
    "SurveyResult",
    "SurveyVersion",
    "Task",
    "Wording",
]
