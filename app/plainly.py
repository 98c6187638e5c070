"""What the seller must mend is said in plain words, whichever command met it."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click


def plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what the seller must mend into plain words and exit code 2; bugs stay bugs."""

    @wraps(command)
    def run(*args: Any, **values: Any) -> None:
        from app.shop_file import BrokenShopFile
        from app.words import complaint, mistakes, said
        from sales.errors import Misconfigured, StoreBusy

        try:
            command(*args, **values)
        except BrokenShopFile as broken:
            click.echo("\n".join(mistakes(broken.mistakes)), err=True)
            sys.exit(2)
        except Misconfigured as error:
            click.echo("\n".join(complaint(error)), err=True)
            sys.exit(2)
        except StoreBusy as error:
            click.echo(said("database-unreachable", {"reason": str(error)}), err=True)
            sys.exit(3)

    return run
