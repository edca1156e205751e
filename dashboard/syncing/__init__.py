"""What /sync/ shows, computed before the template: how fresh, how complete, what failed, what is going on."""
