"""People: who is who, signing in by mailed code, the second factor of staff."""
