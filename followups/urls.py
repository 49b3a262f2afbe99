"""The addresses of follow-up."""

from django.urls import path

from followups.views import deliveries, log, plans, tasks, today

app_name = "followups"
urlpatterns = [
    path("today/", today.today, name="today"),
    path("customers/<int:pk>/log/", log.log, name="log"),
    path("customers/<int:pk>/deliveries/new/", deliveries.deliver, name="deliver"),
    path("contacts/<int:pk>/void/", tasks.void_contact, name="void_contact"),
    path("tasks/<int:pk>/move/", tasks.task_move, name="task_move"),
    path("tasks/<int:pk>/skip/", tasks.task_skip, name="task_skip"),
    path("tasks/<int:pk>/letter/", tasks.letter, name="letter"),
    path("plans/", plans.plans, name="plans"),
    path("plans/<int:pk>/", plans.plan, name="plan"),
]
