"""Settings of the tests: the product's own, read with nothing of the developer's environment in them."""

import atexit
import os
import shutil
import tempfile

from tests.environment import OURS

for _name in [name for name in os.environ if OURS.match(name) and name != "DJANGO_SETTINGS_MODULE"]:
    del os.environ[_name]
# The suite runs a second time with this set to a private PostgreSQL.
os.environ["DATABASE_URL"] = os.environ.get("READBACK_TEST_DATABASE_URL", "")

DATA_FOLDER = tempfile.mkdtemp(prefix="readback-tests-")
atexit.register(shutil.rmtree, DATA_FOLDER, ignore_errors=True)
os.mkdir(f"{DATA_FOLDER}/static")  # noqa: PTH102  (collected by nobody here, but WhiteNoise asks for it)
os.environ["READBACK_ENV_FILE"] = ""
os.environ["DATA_DIR"] = DATA_FOLDER
os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 50

from dashboard.settings import *  # noqa: E402, F403
from dashboard.settings import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Hashed names need collectstatic first; the browser tests and test_run use the real storage.
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CELERY_TASK_ALWAYS_EAGER = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in the product: threads and commands then meet real locks instead of a shared cache.
    DATABASES["default"]["TEST"] = {"NAME": f"{DATA_FOLDER}/test.sqlite3"}
