"""Xapian with its German stemmer: every word stemmed, ranked by its BM25; flags of its query parser as they come.

The query is put in small letters, because the parser leaves words with a capital unstemmed.
"""

import os

from peer import ask_all, given, missing, say

try:
    import xapian
except ImportError:
    missing("python3-xapian")


def main():
    folder, pages, queries, depth, timed = given()
    whole, path = os.path.join(folder, "whole"), os.path.join(folder, "compact")
    base = xapian.WritableDatabase(whole, xapian.DB_CREATE)
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem("german"))
    for number, page in enumerate(pages):
        document = xapian.Document()
        generator.set_document(document)
        generator.index_text(page)
        document.set_data(str(number))
        base.add_document(document)
    base.commit()
    base.compact(path)
    base.close()
    base = xapian.Database(path)
    parser = xapian.QueryParser()
    parser.set_stemmer(xapian.Stem("german"))
    parser.set_stemming_strategy(xapian.QueryParser.STEM_SOME)
    parser.set_database(base)
    enquire = xapian.Enquire(base)

    def hits(query, operator, limit):
        parser.set_default_op(operator)
        enquire.set_query(parser.parse_query(query))
        return [int(match.document.get_data()) for match in enquire.get_mset(0, limit)]

    def ask(query, limit):
        query = query.lower()
        return hits(query, xapian.Query.OP_AND, limit) or hits(query, xapian.Query.OP_OR, limit)

    ranked, times = ask_all(queries, depth, timed, ask)
    size = sum(os.path.getsize(os.path.join(path, name)) for name in os.listdir(path))
    say("Xapian " + xapian.version_string(), size, ranked, times)


main()
