"""Following schools: who is on board, how far each is, and who needs a call."""
