"""The web server's way in."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from dashboard.charset import utf8_only
from dashboard.database import limit_pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
application = utf8_only(get_wsgi_application())
limit_pages(settings.DATABASES)

# Only now: the figures ask for models, which are there once Django is set up.
from interactions.metrics.intervals import mean_interval, wilson  # noqa: E402

# Loads SciPy before the first reader asks for a figure rather than while they wait.
wilson(1, 2)
mean_interval(0.0, 1.0, 2)
