#!/usr/bin/env python
"""Readback's way in from the shell."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:  # a setting is wrong: the sentence says which, a traceback would hide it
        sys.exit(str(error))


if __name__ == "__main__":
    main()
