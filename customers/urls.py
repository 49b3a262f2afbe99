"""The addresses of the customers room."""

app_name = "customers"
urlpatterns: list = []
