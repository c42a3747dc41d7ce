"""The navorming: answering, dialogues, the test, completion and attest."""
