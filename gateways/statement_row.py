"""A row of a statement file as it was found, before anybody knows what its columns mean."""

from dataclasses import dataclass
from datetime import date, datetime, time

STATEMENT = "statement"
"""The name under which a statement tells of money, as gateways tell under theirs."""

Cell = str | int | float | datetime | date | time | None
"""CSV knows texts alone; a spreadsheet has numbers and moments of its own. Moments have no zone."""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells with the number that the file's own editor shows for their line, counted from 1.

    `fault` is set for a line that cannot be cut into cells: the id of a sentence that says why.
    """

    number: int
    cells: tuple[Cell, ...] = ()
    fault: str = ""

    def cell(self, place: int | None) -> Cell:
        """What stands in that column (from 0); None in none, and beyond the row's end."""
        return self.cells[place] if place is not None and place < len(self.cells) else None


def as_text(cell: Cell) -> str:
    """What a person reads in a cell, on one line and without blanks around it; a whole number has no point."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
