"""PostgreSQL: a cluster of its own in a temporary folder, as it comes but for more memory. Making the tables is not
counted."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "quality"))

from cluster import Cluster
from tables import CHANGED, LAST, median, rows

END = (
    "CASE rule.to_year WHEN 1 THEN (date_trunc('year', fact.day) + rule.months * interval '1 month'"
    " + interval '1 year' - interval '1 day')::date ELSE (fact.day + rule.months * interval '1 month')::date END"
)


def copied(folder, name):
    lines = ("\t".join("\\N" if cell is None else cell for cell in row) for row in rows(folder, name))
    return f"COPY {name} FROM stdin;\n" + "\n".join(lines) + "\n\\.\n"


def main():
    folder, rounds, on = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    cluster = Cluster()
    try:
        cluster.ask(
            "CREATE TABLE file (id int PRIMARY KEY, class text, closed date);\n"
            "CREATE TABLE fact (file int, kind text, day date);\n"
            "CREATE TABLE rule (pack int, class text, number int, start text, months int, to_year int);\n"
            + copied(folder, "file") + copied(folder, "fact") + copied(folder, "rule")
            + "CREATE INDEX ON fact (file, kind); CREATE INDEX ON rule (class); ANALYZE;\n"
        )
        times, changed = [], 0
        for _ in range(rounds):
            said = cluster.ask(
                "SET work_mem = '256MB';\nDROP TABLE IF EXISTS last;\n\\timing on\n"
                + LAST.format(end=END).strip() + ";\n" + CHANGED.format(year="extract(year FROM b.last)", on=on).strip() + ";\n"
            )
            times.append(sum(float(found) for found in re.findall(r"Time: ([\d.]+) ms", said)) / 1000)
            changed = sum(int(line.split("|")[2]) for line in said.splitlines() if line.count("|") == 2)
        version = cluster.ask("SHOW server_version;").split()[0]
    finally:
        cluster.stop()
    print(f"PostgreSQL {version}: {median(times):.2f} s; last day differs: {changed}")


main()
