"""`python -m interactions.sandbox`: the sandbox without Django."""

import argparse
import sys

from .cli import add_options, run

parser = argparse.ArgumentParser(prog="python -m interactions.sandbox", description="A stand-in LivePerson account.")
add_options(parser)
sys.exit(run(parser.parse_args(), sys.stdout))
