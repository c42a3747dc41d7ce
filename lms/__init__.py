"""Unlocking Potential · Navorming: a train-the-trainer site for begeleiders, schools and O&S."""
