"""A column among a list of values, as one statement however long the list is.

SQLAlchemy's own IN writes a new statement for every length and costs more than the database does: a settled
notice asks for a dozen lists. One parameter holds the whole list here, as JSON on SQLite and as an array on PostgreSQL.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Dialect, Integer, Text, TypeDecorator, bindparam, literal_column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Numbers(TypeDecorator[Collection[int]]):
    """Whole numbers in one parameter."""

    impl = Text
    cache_ok = True
    item: type[TypeEngine[Any]] = BigInteger

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array where the database has one."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(self.item()))

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        """Write the list."""
        listed = sorted(value or ())
        return json.dumps(listed) if dialect.name == "sqlite" else listed


class Texts(_Numbers):
    """Texts in one parameter."""

    cache_ok = True
    item = Text


class _Among(FunctionElement[int]):
    name = "among"
    # No Boolean: SQLAlchemy would append "= 1" for SQLite, and an index does not see through that.
    type = Integer()
    inherit_cache = True


def among(column: ColumnElement[Any], parameter: str) -> ColumnElement[Any]:
    """Whether the column is one of the values handed in under that parameter's name; of none when the list is empty."""
    kind = _Numbers() if isinstance(column.type, (Integer, BigInteger)) else Texts()
    return _Among(column, bindparam(parameter, type_=kind))


def constant(column: ColumnElement[Any], *values: str) -> ColumnElement[bool]:
    """Whether the column is one of these texts, which are written into the statement itself."""
    return column.in_([literal_column(f"'{value}'") for value in values])


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - both parts are the compiler's own


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY({values})"
