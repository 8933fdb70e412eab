"""The first tables: conversations, what our messages show, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "store_0001"
down_revision = None
branch_labels = None
depends_on = None


def _recipe() -> list[sa.Column[object]]:
    return [
        sa.Column("view", sa.String(32), nullable=False),
        sa.Column("lang", sa.String(16), nullable=False),
        sa.Column("entries", sa.JSON(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("urgent_line", sa.Boolean(), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lang", sa.String(16)),
        sa.Column("last", sa.String(64)),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("unknowns", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("chat", name="pk_conversations"),
    )
    op.create_table(
        "replies",
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("question", sa.BigInteger()),
        *_recipe(),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["chat"], ["conversations.chat"], name="fk_replies_chat", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat", "message", name="pk_replies"),
    )
    op.create_index("ix_replies_chat_question", "replies", ["chat", "question"])
    op.create_index("ix_replies_at", "replies", ["at"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("question", sa.BigInteger()),
        sa.Column("edit", sa.BigInteger()),
        *_recipe(),
        sa.Column("not_before", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["chat"], ["conversations.chat"], name="fk_outbox_chat", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_chat_id", "outbox", ["chat", "id"])
    op.create_index("ix_outbox_not_before", "outbox", ["not_before"])


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("replies")
    op.drop_table("conversations")
