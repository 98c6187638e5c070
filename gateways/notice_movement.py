"""A movement of money as every notice tells of it; each gateway names the fields in its own way."""

from pydantic import BaseModel, ConfigDict

from gateways.notice_fields import Account, Amount, Memo, Text, moment
from sales.transfer import Payer, Sighting


class Movement(BaseModel):
    """What a gateway's own reader gives its names to; `payer_bin` stands in for a bank without a name."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    amount: Amount
    account: Account
    memo: Memo = ""
    reference: Text = ""
    booked: Text = ""
    virtual_account: Text = ""
    payer_name: Text = ""
    payer_account: Text = ""
    payer_bank: Text = ""
    payer_bin: Text = ""

    def seen_by(self, source: str, ref: str, number: int | None = None, link: str = "") -> Sighting:
        """Answer it as the word of `source`, in VND; `ref`, `number` and `link` as in Sighting."""
        return Sighting(
            source=source,
            ref=ref,
            amount=self.amount,
            currency="VND",
            account=self.account,
            memo=self.memo,
            virtual_account=self.virtual_account,
            reference=self.reference,
            booked_at=moment(self.booked),
            payer=Payer(self.payer_name, self.payer_account, self.payer_bank or self.payer_bin),
            number=number,
            link=link,
        )
