"""Unlocking Potential · Navorming: a train-the-trainer site for begeleiders, schools and O&S."""

import gc

# Loading the site makes some hundred thousand objects that all stay. Searching them for garbage again and again was a
# quarter of the work of every start. Seldom is often enough: a page leaves few objects that refer to each other.
gc.set_threshold(50_000, 20, 20)
