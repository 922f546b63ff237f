"""The whole procedure in time: calendar, settings, deadlines, and what happens on days that are not sunny."""

from pathlib import Path
from typing import Any

from alembic import op

revision = "0002"
down_revision = "0001"

_SQL = Path(__file__).parents[2] / "sql"


def upgrade() -> None:
    """Run the SQL pages as they stand: they are written to be read."""
    driver: Any = op.get_bind().connection.driver_connection
    for page in ("0002_terms.sql", "0002_exceptions.sql", "0002_guards.sql"):
        driver.execute((_SQL / page).read_text("utf-8"))
