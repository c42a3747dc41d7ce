"""The heart: pure functions about teaching. No Flask, no database."""
