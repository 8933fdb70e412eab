"""What Alembic runs for each command. The connection and its transaction are the caller's (`bot.store.migrate`)."""

from __future__ import annotations

from alembic import context

_given = context.config.attributes

context.configure(
    connection=_given["connection"],
    target_metadata=_given["metadata"],
    version_table=_given["version_table"],
    # SQLite can undo changes of tables since its transactions are ours and not the driver's.
    transactional_ddl=True,
    # SQLite can't change a column in place; Alembic then copies the table.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
