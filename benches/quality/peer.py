"""What the peers have in common: pages and queries are lines of JSON in a folder, the answer is one JSON object.

A peer is asked for all words first and, if no page has all of them, for any of them.
"""

import json
import os
import sys
import time


def lines(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def given():
    """Folder, pages, queries, how many hits, how many for a timed query (0: none is timed)."""
    folder, depth, timed = sys.argv[1:4]
    return folder, lines(folder, "pages.jsonl"), lines(folder, "queries.jsonl"), int(depth), int(timed)


def missing(what):
    print(json.dumps({"missing": what}))
    sys.exit(0)


def ask_all(queries, depth, timed, ask):
    ranked = [ask(query, depth) for query in queries]
    times = []
    for query in queries if timed else []:
        begun = time.perf_counter()
        ask(query, timed)
        times.append(round((time.perf_counter() - begun) * 1e6))
    return ranked, times


def say(version, size, ranked, times):
    print(json.dumps({"version": version, "bytes": size, "ranked": ranked, "times_us": times}))
