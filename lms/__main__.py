"""``python -m lms`` is the command line."""

import signal

# Ctrl+C ends a command without a word, also while it is still loading. What has to be tidied up sees to that itself.
signal.signal(signal.SIGINT, signal.SIG_DFL)

from lms.cli import main  # noqa: E402

main(prog_name="lms")
