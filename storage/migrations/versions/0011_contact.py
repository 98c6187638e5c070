"""How a buyer reaches a person of the shop, as the shop file says it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("shops", sa.Column("contact", sa.Text, nullable=False, server_default=""))
    with op.batch_alter_table("shops", table_kwargs={"sqlite_autoincrement": True}) as shops:
        shops.alter_column("contact", server_default=None)
