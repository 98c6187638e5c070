"""Payment links: an attempt that is still asked for, what its QR pays to, and the gateway's page."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

STATES = "state IN ('asked', 'open', 'paid', 'expired', 'cancelled', 'replaced')"
OWN = "(SELECT {} FROM bank_accounts WHERE bank_accounts.id = attempts.bank_account_id)"


def upgrade() -> None:
    with op.batch_alter_table("attempts", table_kwargs={"sqlite_autoincrement": True}) as attempts:
        for name in ("link_url", "bin", "account", "holder"):
            attempts.add_column(sa.Column(name, sa.Text, nullable=False, server_default=""))
        attempts.drop_constraint(op.f("ck_attempts_state"), type_="check")
        attempts.create_check_constraint(op.f("ck_attempts_state"), STATES)
    op.execute(
        f"UPDATE attempts SET bin = {OWN.format('bin')}, account = {OWN.format('account')},"  # noqa: S608
        f" holder = {OWN.format('holder')} WHERE bank_account_id IS NOT NULL"
    )
    with op.batch_alter_table("attempts", table_kwargs={"sqlite_autoincrement": True}) as attempts:
        for name in ("link_url", "bin", "account", "holder"):
            attempts.alter_column(name, server_default=None)
    op.create_index("ix_attempts_account", "attempts", ["shop_id", "account"])
