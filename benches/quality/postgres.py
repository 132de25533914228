"""PostgreSQL's own full text search with the configuration `german`: a cluster of its own in a temporary folder, a GIN
index over a stored tsvector, ranked by `ts_rank` with the length of the page taken into account.

The cluster hears on a socket in its folder only and is stopped at the end. Times are those of psql, the way to the
server and back included.
"""

import re

from cluster import Cluster
from peer import given, missing, say

RANKED = (
    "SELECT number FROM page, (SELECT {query} AS query) asked WHERE words @@ query"
    " ORDER BY ts_rank(words, query, 1) DESC, number LIMIT {limit};"
)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def take_in(cluster, pages):
    rows = "".join(
        f"INSERT INTO page VALUES ({number}, to_tsvector('german', {quoted(page)}));\n"
        for number, page in enumerate(pages)
    )
    cluster.ask(
        "CREATE TABLE page (number int, words tsvector);\nBEGIN;\n" + rows + "COMMIT;\n"
        "CREATE INDEX found ON page USING gin (words);\nVACUUM ANALYZE page;\n"
    )


def ask_each(cluster, queries, limit):
    """The hits of each query, and how long each took in microseconds."""
    script = ["\\timing on\n"]
    for number, query in queries:
        script.append(f"\\echo query {number}\n{RANKED.format(query=query, limit=limit)}\n")
    hits, times, now = {}, {}, None
    for line in cluster.ask("".join(script)).splitlines():
        if line.startswith("query "):
            now = int(line[6:])
            hits[now] = []
        elif line.startswith("Time: "):
            times[now] = round(float(re.match(r"Time: ([\d.]+)", line)[1]) * 1000)
        elif line:
            hits[now].append(int(line))
    return hits, times


def answer(cluster, queries, limit):
    plain = [f"plainto_tsquery('german', {quoted(query)})" for query in queries]
    hits, times = ask_each(cluster, list(enumerate(plain)), limit)
    none = [(number, f"replace({plain[number]}::text, '&', '|')::tsquery") for number in hits if not hits[number]]
    more, longer = ask_each(cluster, none, limit)
    hits.update(more)
    for number, took in longer.items():
        times[number] += took
    count = range(len(queries))
    return [hits[number] for number in count], [times[number] for number in count]


def main():
    _, pages, queries, depth, timed = given()
    try:
        cluster = Cluster()
    except LookupError as lacking:
        missing(str(lacking))
    try:
        take_in(cluster, pages)
        ranked, _ = answer(cluster, queries, depth)
        times = answer(cluster, queries, timed)[1] if timed else []
        size = int(cluster.ask("SELECT pg_total_relation_size('page');"))
        version = "PostgreSQL " + cluster.ask("SHOW server_version;").split()[0]
    finally:
        cluster.stop()
    say(version, size, ranked, times)


main()
