"""A class of six youngsters to practise with: who you ask, what you ask, and when you keep silent.

``replay(scenario, seed, moves)`` gives the run, and ``debrief(run)`` what there is to say about it. All of it follows
from those three: no clock, no chance that is not in the seed. From the bottom up: ``tempers`` (numbers, and chance from
a hash), ``states`` (the frozen objects), ``moves`` (what can be done now), ``unfolding`` (one turn while it is made),
``rules`` (what a move does), ``running``, ``measures``, ``findings`` (the sentences), ``debriefing``, ``wording``.
"""
