"""What a notice writes: rows by table, counted before and after."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path


def rows(database: Path) -> Counter[str]:
    """Rows by table, and the orders and attempts that are paid."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        counted = {f"+ {name}": f"SELECT count(*) FROM {name}" for (name,) in named.fetchall()}
        counted |= {
            "~ orders paid": "SELECT count(*) FROM orders WHERE payment = 'paid'",
            "~ attempts paid": "SELECT count(*) FROM attempts WHERE state = 'paid'",
        }
        return Counter({what: connection.execute(query).fetchone()[0] for what, query in counted.items()})


def per_notice(before: Counter[str], after: Counter[str], notices: int) -> dict[str, float]:
    """Rows written (+) and moved (~) for each notice."""
    return {what: (after[what] - before[what]) / notices for what in after if after[what] != before[what]}
