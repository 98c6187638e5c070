"""Tell lines of a statement that are news from those an earlier one has told of, though it was read otherwise.

The same file read with the reference and without, or a bank's two forms of it, one with times and one with dates, name
one line differently. Whoever took it for news would find a second payment in it.
"""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass

from gateways.statement_name import REST, LineName
from gateways.statement_row import STATEMENT
from sales.ids import ShopId
from sales.transfer import Sighting
from storage import money
from storage.line_names import names_beginning
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Recognised:
    """`news` was never told by a statement; `otherwise` counts lines that were, under another name.

    `taken` are the names that these lines stand for: no other line of the same import is one of them.
    """

    news: tuple[Sighting, ...]
    otherwise: int
    taken: frozenset[str]


def recognise_lines(unit: Unit, shop: ShopId, said: Sequence[Sighting], taken: Set[str]) -> Recognised:
    """Sort the lines of one batch; `taken` were by the batches before.

    One to one: of two equal payments in a file the second stays news while only one was told of.
    """
    refs = {each.ref for each in said}
    known = {ref for _, ref in money.known(unit, shop, {(STATEMENT, ref) for ref in refs})}
    unknown = [each for each in said if each.ref not in known]
    free = _free(unit, shop, unknown, known | taken)
    news, claimed = [], set()
    for each in unknown:
        name = LineName.read(each.ref)
        same = _likeliest(name, free[name.content])
        if same is None:
            news.append(each)
        else:
            free[name.content].remove(same)
            claimed.add(str(same))
    return Recognised(tuple(news), len(claimed), frozenset(refs | claimed))


def _free(unit: Unit, shop: ShopId, said: Sequence[Sighting], taken: Set[str]) -> dict[str, list[LineName]]:
    """What statements before have told with the same content, and no line of this one stands for; by the content."""
    contents = {LineName.read(each.ref).content for each in said}
    found: dict[str, list[LineName]] = defaultdict(list)
    for ref in names_beginning(unit, shop, STATEMENT, contents, REST):
        if ref not in taken:
            name = LineName.read(ref)
            found[name.content].append(name)
    return found


def _likeliest(name: LineName, free: Sequence[LineName]) -> LineName | None:
    """The one with the same reference, or else the same time, or else the oldest that nothing speaks against."""
    fitting = [each for each in free if name.may_be(each)]
    return min(fitting, key=lambda each: (not name.same_reference(each), not name.same_time(each)), default=None)
