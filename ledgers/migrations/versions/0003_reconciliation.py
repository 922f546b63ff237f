"""The three reconciliations: crediting registers, the authority's own lists, and the differences that are left."""

from pathlib import Path
from typing import Any

from alembic import op

revision = "0003"
down_revision = "0002"

_SQL = Path(__file__).parents[2] / "sql"


def upgrade() -> None:
    """Run the SQL pages as they stand: they are written to be read."""
    driver: Any = op.get_bind().connection.driver_connection
    for page in ("0003_reconciliation.sql", "0003_views.sql", "0002_guards.sql", "0003_guards.sql"):
        driver.execute((_SQL / page).read_text("utf-8"))
