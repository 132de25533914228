"""The tables of a town, and the question in SQL: for which files is the last day of keeping another one under the other
rules, by class and year (what is due under both is not)? The last day of a term is counted from the latest of its facts, and the longest term counts; a
file that is open, or of which a term has no fact, has none."""

import os

LAST = """
CREATE TABLE last AS
SELECT term.pack, term.file, max(term.last) AS last FROM (
  SELECT rule.pack, file.id AS file, rule.number,
         max({end}) AS last, count(fact.day) AS known
  FROM file JOIN rule ON rule.class = file.class
  LEFT JOIN fact ON fact.file = file.id AND fact.kind = rule.start
  WHERE file.closed IS NOT NULL
  GROUP BY rule.pack, file.id, rule.number
) term GROUP BY term.pack, term.file HAVING min(term.known) > 0
"""

CHANGED = """
SELECT file.class, {year} AS due, count(*)
FROM file JOIN last a ON a.file = file.id AND a.pack = 0 JOIN last b ON b.file = file.id AND b.pack = 1
WHERE a.last <> b.last AND (a.last >= '{on}' OR b.last >= '{on}') GROUP BY file.class, due
"""


def rows(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as table:
        for line in table:
            yield [cell or None for cell in line.rstrip("\n").split("\t")]


def median(times):
    return sorted(times)[len(times) // 2]
