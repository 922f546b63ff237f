"""The books, the registers and their guards."""

from pathlib import Path
from typing import Any

from alembic import op

revision = "0001"
down_revision = None

_SQL = Path(__file__).parents[2] / "sql"


def upgrade() -> None:
    """Run the SQL pages as they stand: they are written to be read."""
    driver: Any = op.get_bind().connection.driver_connection
    for page in ("0001_ledger.sql", "0001_registers.sql", "0001_guards.sql"):
        driver.execute((_SQL / page).read_text("utf-8"))
    driver.execute("GRANT SELECT ON esep.schema_version TO esep_worker")
