"""``python -m lms`` is the command line."""

from lms.cli import main

main(prog_name="lms")
