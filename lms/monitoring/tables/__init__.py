"""Tables of monitoring: the project's own history, and where youngsters went after the toolbox."""

from lms.monitoring.tables import history, progression

__all__ = ["history", "progression"]
