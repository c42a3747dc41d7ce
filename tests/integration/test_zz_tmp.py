import cProfile, pstats, random, time
from tests.integration.test_completion_model import *


def test_a(rich):
    walk(rich, 1)
    p = cProfile.Profile()
    p.enable()
    for s in range(10):
        walk(rich, s)
    p.disable()
    pstats.Stats(p).sort_stats("cumtime").print_stats(60)
