"""The screens that span rooms."""
