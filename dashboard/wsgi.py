"""The web server's way in."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from dashboard.database import limit_pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
application = get_wsgi_application()
limit_pages(settings.DATABASES)
