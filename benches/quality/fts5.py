"""SQLite FTS5 with the tokenizer unicode61, as it comes (no stemmer for German is part of it); ranked by its BM25.

The table is contentless, so that its size is that of the index. A word with signs inside is a phrase of its pieces.
"""

import os
import sqlite3

from peer import ask_all, given, missing, say


def main():
    folder, pages, queries, depth, timed = given()
    path = os.path.join(folder, "fts5.db")
    base = sqlite3.connect(path)
    try:
        base.execute("CREATE VIRTUAL TABLE page USING fts5(text, content='', tokenize='unicode61')")
    except sqlite3.OperationalError:
        missing("SQLite without FTS5")
    base.executemany("INSERT INTO page(rowid, text) VALUES (?, ?)", enumerate(pages))
    base.execute("INSERT INTO page(page) VALUES ('optimize')")
    base.commit()
    base.execute("VACUUM")

    def hits(words, operator, limit):
        query = operator.join('"' + word.replace('"', "") + '"' for word in words)
        rows = base.execute("SELECT rowid FROM page WHERE page MATCH ? ORDER BY rank LIMIT ?", (query, limit))
        return [row[0] for row in rows]

    def ask(query, limit):
        words = query.split()
        return hits(words, " AND ", limit) or hits(words, " OR ", limit)

    ranked, times = ask_all(queries, depth, timed, ask)
    say("SQLite " + sqlite3.sqlite_version, os.path.getsize(path), ranked, times)


main()
