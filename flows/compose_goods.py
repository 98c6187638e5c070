"""What the buyer reads when the goods arrive: in a chat, and as a letter with the receipt."""

from collections.abc import Sequence

from flows.messages import Choice, Reply, Rows, Say
from sales.catalogue import Kind
from sales.purchase import Grant, Line, Order
from sales.shop import Shop

Item = tuple[Line, Grant]


def message_of_goods(_shop: Shop, order: Order, items: Sequence[Item]) -> Reply:
    """The goods as a chat message, with a button that copies each key."""
    lines = [Say("goods-title", {"code": order.code})]
    for line, grant in items:
        lines += _item(line, grant)
    return Reply(tuple(lines), (*_copies(items), *_links(items)))


def letter_of_goods(shop: Shop, order: Order, items: Sequence[Item]) -> Reply:
    """The goods as a letter, followed by the receipt. A letter has no button that copies: each key is written once."""
    greeting = Say("letter-greeting", {"shop": shop.name})
    lines = [greeting]
    for line, grant in items:
        lines += _item(line, grant)
    lines += _receipt(order, items)
    return Reply(tuple(lines), _links(items), title=Say("letter-subject", {"code": order.code, "shop": shop.name}))


def _item(line: Line, grant: Grant) -> list[Say]:
    named = {"product": line.product_name, "plan": line.plan_name}
    says = [Say("goods-licence" if line.kind is Kind.LICENCE else "goods-course", named)]
    if grant.revoked:
        return [*says, Say("goods-revoked")]
    if grant.key:
        says.append(Say("goods-key", {"key": grant.key}))
    says += [Say("goods-link", {"title": link.title, "url": link.url}) for link in grant.links]
    says.append(Say("goods-expires", {"at": grant.expires_at}) if grant.expires_at else Say("goods-lifetime"))
    if grant.activation:
        says.append(Say("goods-activation", {"how": grant.activation}))
    if grant.download_url:
        says.append(Say("goods-download", {"url": grant.download_url}))
    return says


def _receipt(order: Order, items: Sequence[Item]) -> list[Say]:
    head = Say("receipt-title", {"code": order.code, "at": order.paid_at})
    rows = [
        Say("receipt-line", {"product": line.product_name, "plan": line.plan_name, "price": order.price_of(line)})
        for line, _ in items
    ]
    return [head, *rows, Say("receipt-total", {"total": order.total})]


def _copies(items: Sequence[Item]) -> Rows:
    """A button for each key that copies it."""
    return tuple((Choice(Say("copy-key"), copy=grant.key),) for _, grant in items if grant.key and not grant.revoked)


def _links(items: Sequence[Item]) -> Rows:
    """A button for each address to open."""
    rows: list[tuple[Choice, ...]] = []
    for grant in (grant for _, grant in items if not grant.revoked):
        if grant.download_url:
            rows.append((Choice(Say("download"), url=grant.download_url),))
        rows += [(Choice(Say("open-link", {"title": link.title}), url=link.url),) for link in grant.links]
    return tuple(rows)
