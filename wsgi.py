"""For any WSGI server: ``granian --interface wsgi wsgi:app`` or ``gunicorn wsgi:app``."""

from lms.app import create_app
from lms.config import Config

app = create_app(Config.from_environment())
