"""SQLite, in memory, with the indexes the question wants. Making the tables is not counted."""

import sqlite3
import sys
import time

from tables import CHANGED, LAST, median, rows

END = "date(fact.day, CASE rule.to_year WHEN 1 THEN 'start of year' ELSE '+0 days' END, " \
      "'+' || rule.months || ' months', CASE rule.to_year WHEN 1 THEN '+1 years' ELSE '+0 days' END, " \
      "CASE rule.to_year WHEN 1 THEN '-1 days' ELSE '+0 days' END)"


def main():
    folder, rounds, on = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    base = sqlite3.connect(":memory:")
    base.executescript(
        "CREATE TABLE file (id INTEGER PRIMARY KEY, class TEXT, closed TEXT);"
        "CREATE TABLE fact (file INTEGER, kind TEXT, day TEXT);"
        "CREATE TABLE rule (pack INTEGER, class TEXT, number INTEGER, start TEXT, months INTEGER, to_year INTEGER);"
    )
    base.executemany("INSERT INTO file VALUES (?, ?, ?)", rows(folder, "file"))
    base.executemany("INSERT INTO fact VALUES (?, ?, ?)", rows(folder, "fact"))
    base.executemany("INSERT INTO rule VALUES (?, ?, ?, ?, ?, ?)", rows(folder, "rule"))
    base.executescript("CREATE INDEX by_file ON fact (file, kind); CREATE INDEX by_class ON rule (class); ANALYZE;")
    times, changed = [], 0
    for _ in range(rounds):
        begun = time.perf_counter()
        base.execute("DROP TABLE IF EXISTS last")
        base.execute(LAST.format(end=END))
        base.execute("CREATE INDEX by_pack ON last (file, pack)")
        found = base.execute(CHANGED.format(year="substr(b.last, 1, 4)", on=on)).fetchall()
        times.append(time.perf_counter() - begun)
        changed = sum(count for _, _, count in found)
    print(f"SQLite {sqlite3.sqlite_version}: {median(times):.2f} s; last day differs: {changed}")


main()
