"""Alembic's environment: runs inside the connection that `esep db init` opened as the owner role."""

from alembic import context

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("migrations run as the owner role, through: esep db init")
context.configure(
    connection=connection, target_metadata=None, version_table="schema_version", version_table_schema="esep"
)
with context.begin_transaction():
    context.run_migrations()
