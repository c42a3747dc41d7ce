"""Tables of monitoring: kept figures, the project's own history, and where youngsters went after the toolbox."""

from lms.monitoring.tables import figures, history, progression, reminders

__all__ = ["figures", "history", "progression", "reminders"]
