"""The web server's way in."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from dashboard.charset import utf8_only
from dashboard.database import limit_pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
application = utf8_only(get_wsgi_application())
limit_pages(settings.DATABASES)

# Only now: views ask for models, which are there once Django is set up.
from dashboard.warmth import warm_up  # noqa: E402

warm_up()
