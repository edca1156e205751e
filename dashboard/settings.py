"""Settings of the whole product, read from the environment (README, "Settings"); safe by default."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from dashboard import database, datadir, logs
from dashboard.environment import BASE_DIR, keys, level, number, one_of, site, switch, text, words, zone

# Where things live
DATA_DIR: Path = datadir.locate(text("DATA_DIR", str(BASE_DIR / "var")))
HOST = text("HOST", "127.0.0.1")
PORT = number("PORT", 8000, least=1, most=65535)
SITE_URL = site("SITE_URL", f"http://{f'[{HOST}]' if ':' in HOST else HOST}:{PORT}")
_site = urlsplit(SITE_URL)
_secure = _site.scheme == "https"

# Django
DEBUG = switch("DEBUG", False)
SECRET_KEY = text("SECRET_KEY") or datadir.secret(DATA_DIR, "secret-key")
# Earlier ones: by them erased consumers and people who are signed in are still known.
SECRET_KEY_FALLBACKS = keys("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = sorted(
    {*words("ALLOWED_HOSTS"), _site.hostname or "", HOST, "127.0.0.1", "localhost"} - {"", "0.0.0.0"}
)
ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
# More than fit in the longest address that the web server takes: ours says what is wrong, not Django's bare page.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "dashboard",
    "interactions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "axes",
]
MIDDLEWARE = [
    "dashboard.courtesy.counted_pages",  # the outermost: a page is in hand until all of it has been made
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before the static files: a picture opened by itself is a page too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dashboard.sessions.readable_cookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "dashboard.sessions.idle_sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "dashboard.middleware.private_pages",
    "dashboard.middleware.reader_zone",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.frame.frame",
            ]
        },
    }
]

# Database
DATABASES: dict[str, Any] = {"default": database.describe(text("DATABASE_URL"), DATA_DIR / "readback.sqlite3")}

# Sign-in
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "dashboard.people.PeopleBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = True
# By name and address together: a whole floor shares one address, and a name alone could lock out its owner.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "dashboard.views.access.name_counted"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "dashboard.views.access.locked_out"
# `next` may hold what someone searched for; the others are a note that goes along through the sign-in.
AXES_SENSITIVE_PARAMETERS = ["password", "csrfmiddlewaretoken", "next", "text", "message", "nonce", "writer"]
AXES_VERBOSE = False

# Transport and policy
if _secure:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # probes ask over plain loopback
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "dashboard.views.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# Static files
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "dashboard.staticfiles.HashedStorage"},
}

# Language and time
LANGUAGE_CODE = "en-us"
TIME_ZONE = zone("TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = False

# LivePerson
LIVEPERSON_API_URL = text("LIVEPERSON_API_URL", "https://api.liveperson.net")
LIVEPERSON_ACCOUNT_ID = text("LIVEPERSON_ACCOUNT_ID")
LIVEPERSON_APP_KEY = text("LIVEPERSON_APP_KEY")
LIVEPERSON_APP_SECRET = text("LIVEPERSON_APP_SECRET")
LIVEPERSON_ACCESS_TOKEN = text("LIVEPERSON_ACCESS_TOKEN")
LIVEPERSON_ACCESS_TOKEN_SECRET = text("LIVEPERSON_ACCESS_TOKEN_SECRET")
LIVEPERSON_USERNAME = text("LIVEPERSON_USERNAME")
LIVEPERSON_PASSWORD = text("LIVEPERSON_PASSWORD")
LIVEPERSON_ALLOWED_HOSTS = words("LIVEPERSON_ALLOWED_HOSTS")
LIVEPERSON_MAX_CALLS = number("LIVEPERSON_MAX_CALLS", 2, least=1, most=100)
READBACK_SANDBOX = switch("READBACK_SANDBOX", True)

# Reading
BACKFILL_DAYS = number("BACKFILL_DAYS", 395, least=1)
POLL_SECONDS = number("POLL_SECONDS", 60, least=5)
STALE_AFTER_MINUTES = number("STALE_AFTER_MINUTES", 15, least=1)
WORKERS = number("WORKERS", 1, least=1)
WEB_PROCESSES = number("WEB_PROCESSES", 2, least=1)
WEB_THREADS = number("WEB_THREADS", 8, least=1)
METRICS_TOKEN = text("METRICS_TOKEN")
ADMIN_USERNAME = text("ADMIN_USERNAME", "admin")
ADMIN_PASSWORD = text("ADMIN_PASSWORD")

# Celery: the broker only rings the bell; what there is to do stands in the database.
CELERY_BROKER_URL = text("CELERY_BROKER_URL", "filesystem://")
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_URL = "filesystem://localhost//"  # without a host, kombu warns at every start
    CELERY_BROKER_TRANSPORT_OPTIONS = datadir.broker_folders(DATA_DIR)
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 2400
CELERY_TASK_TIME_LIMIT = 2700
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_CONCURRENCY = WORKERS
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
_beat = min(60, POLL_SECONDS)
# A bell that was not heard for so long is of no use; but the clock of another host may be an hour ahead.
_unheard = max(_beat - 2, 3) + (0 if CELERY_BROKER_URL.startswith("filesystem") else 7200)
CELERY_BEAT_SCHEDULE = {
    "wake": {"task": "interactions.tasks.wake", "schedule": _beat, "options": {"expires": _unheard}},
    "tidy": {"task": "dashboard.tasks.tidy", "schedule": 6 * 3600, "options": {"expires": 6 * 3600 - 60}},
    "forget-notes": {"task": "dashboard.tasks.forget_notes", "schedule": 900, "options": {"expires": 840}},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

LOGGING = logs.configuration(one_of("LOG_FORMAT", "line", logs.FORMS), level("LOG_LEVEL", "INFO"))
