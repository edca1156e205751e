"""Saved views: what each person is offered, which one a list shows, and where a person starts."""
