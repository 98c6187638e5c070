"""What a caller of the store may want to catch beside `sales.errors.StoreBusy`.

Everything else that a database raises (a broken CHECK, a missing table) is a bug and passes through as it is.
"""


class Conflict(Exception):
    """A row with this unique key is already there; the whole Unit was undone.

    Catch it around `Store.write`, never inside a Unit: PostgreSQL takes no further statement after it.
    Work that expects a repetition says so with `insert_ignore` instead.
    """
