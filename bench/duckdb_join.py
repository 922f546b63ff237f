"""The rival of `bench/reconcile.py`: one hash join of payments and lines in DuckDB, run in an environment of its own.

    python bench/duckdb_join.py FOLDER RUNS

Reads FOLDER/payments.csv and FOLDER/lines.csv into a database file, then joins them RUNS times by order, item, IIN,
account and amount, storing the result in the same file and writing it once more as FOLDER/result.csv. Prints a JSON
list of [seconds joined and stored, seconds joined and written, rows] for each run.
"""

import json
import sys
import time
from pathlib import Path

JOIN = """
    SELECT p.order_number, p.item, l.line
    FROM payments p JOIN lines l ON l.order_number = p.order_number AND l.item = p.item AND l.iin = p.iin
        AND l.iban = p.iban AND l.amount = p.amount
"""


def main() -> None:
    """Measure and print."""
    import duckdb

    folder, runs = Path(sys.argv[1]), int(sys.argv[2])
    columns = "{'order_number': 'INTEGER', 'item': 'INTEGER', 'iin': 'VARCHAR', 'iban': 'VARCHAR', 'amount': 'BIGINT'}"
    connection = duckdb.connect(str(folder / "rival.duckdb"))
    for name in ("payments", "lines"):
        own = columns if name == "payments" else columns.replace("{", "{'line': 'INTEGER', ")
        source = f"read_csv('{folder / name}.csv', header = false, columns = {own})"
        connection.execute(f"CREATE TABLE {name} AS FROM {source}")
    connection.execute("CHECKPOINT")
    figures = []
    for _ in range(runs):
        began = time.perf_counter()
        connection.execute(f"CREATE OR REPLACE TABLE result AS {JOIN}")
        connection.execute("CHECKPOINT")
        stored = time.perf_counter() - began
        began = time.perf_counter()
        connection.execute(f"COPY ({JOIN}) TO '{folder / 'result.csv'}' (FORMAT csv, HEADER false)")
        written = time.perf_counter() - began
        count = connection.execute("SELECT count(*) FROM result").fetchall()[0][0]
        figures.append([stored, written, count])
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
