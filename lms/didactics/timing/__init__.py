"""Time in a session: fit it in the lesson hours there are, check a plan, and plan again while the session runs."""
