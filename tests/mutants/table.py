"""What became of the mutants of the core, per folder: reads what cargo-mutants wrote, prints a table.

Called by `./run mutants`. A mutant is a small change of the code; it is caught if a test fails with it, missed if all
pass, unviable if it does not compile. One that ran into the time limit is counted apart: a person looks at it.
"""

import json
import sys
from collections import Counter
from pathlib import PurePath

KINDS = {"CaughtMutant": "caught", "MissedMutant": "missed", "Timeout": "timeout", "Unviable": "unviable"}


def folder(file):
    """`retention`, `query`, …; a file that stands alone by its name."""
    parts = PurePath(file).parts[1:]
    if parts[0] == "base" or len(parts) == 2:
        return "base" if parts[0] == "base" else parts[1].removesuffix(".rs")
    return parts[1]


def not_compiled_for_another_reason(log):
    """The compiler took the change and the linker failed: the fault is in the machinery, not in the mutant."""
    with open(log, encoding="utf-8", errors="replace") as read:
        return "error: linking with" in read.read()


def main(out):
    with open(f"{out}/outcomes.json", encoding="utf-8") as read:
        outcomes = json.load(read)["outcomes"]
    rows = {}
    for outcome in outcomes:
        mutant = outcome["scenario"].get("Mutant") if isinstance(outcome["scenario"], dict) else None
        if mutant:
            if outcome["summary"] == "Unviable" and not_compiled_for_another_reason(f"{out}/{outcome['log_path']}"):
                sys.exit(f"not linked, so nothing is known of it: {mutant['name']} ({outcome['log_path']})")
            rows.setdefault(folder(mutant["file"]), Counter())[KINDS[outcome["summary"]]] += 1
    columns = ["caught", "missed", "timeout", "unviable"]
    print("| folder | mutants |", " | ".join(columns), "| share caught |")
    print("|---|--:|" + "--:|" * len(columns) + "--:|")
    total = sum(rows.values(), Counter())
    for name, counts in [*sorted(rows.items()), ("all", total)]:
        ran = sum(counts[kind] for kind in columns[:3])
        share = f"{100 * counts['caught'] / ran:.1f} %" if ran else "–"
        print(f"| {name} | {counts.total()} |", " | ".join(str(counts[kind]) for kind in columns), f"| {share} |")


main(sys.argv[1])
