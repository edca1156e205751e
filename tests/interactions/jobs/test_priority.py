"""Workers leave the cores to pages."""

import os
import subprocess
import sys

from tests.environment import clean
from tests.product import ROOT, Product

STEPPED = "import os; from interactions.jobs.priority import step_back; step_back(); step_back(); print(os.nice(0))"
SETUP = "import django; django.setup(); "


def said(before: str, script: str) -> str:
    command = ["nice", "-n", before, sys.executable, "-c", SETUP + script]
    env = clean(DJANGO_SETTINGS_MODULE="dashboard.settings", SECRET_KEY="only-for-tests")
    return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout.strip()


def test_steps_back_once_and_never_forward():
    mine = os.nice(0)
    assert said("0", STEPPED) == str(max(mine, 10))
    assert said("15", STEPPED) == str(min(mine + 15, 19))


def test_goes_on_where_a_system_knows_no_such_thing():
    assert said("0", "import os; del os.nice; " + STEPPED.replace("print(os.nice(0))", "print('on')")) == "on"


def test_workers_stand_behind_web_processes(product: Product):
    assert product.find("worker").nice() >= 10
    assert product.find("gunicorn").nice() == os.nice(0)
