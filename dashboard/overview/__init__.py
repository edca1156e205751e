"""What the overview shows, computed before the template: figures, distributions, trend, agents, what to read."""
