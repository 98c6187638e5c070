"""The settings file: `.env` in the folder where a command is started, so that each window sees the same shop."""

from pathlib import Path

from dotenv.parser import parse_stream

from sales.errors import Misconfigured

ENV_FILE = Path(".env")
ENCODING = "utf-8-sig"
"""UTF-8; Windows puts a mark in front, which would else become part of the first name."""


def env_file() -> Path | None:
    """The file when there is one and every line can be read; None without one, raises Misconfigured otherwise.

    python-dotenv itself would only warn of a line that it skips, and the shop would open without that setting.
    """
    facts = {"path": str(ENV_FILE)}
    try:
        with ENV_FILE.open(encoding=ENCODING) as file:
            wrong = [each.original.line for each in parse_stream(file) if each.error]
    except (FileNotFoundError, IsADirectoryError):  # some keep their virtual environment under that name
        return None
    except OSError as error:
        raise Misconfigured("env-file-unreadable", **facts, reason=error.strerror or "") from error
    except UnicodeDecodeError as error:
        raise Misconfigured("env-file-not-text", **facts) from error
    if wrong:
        raise Misconfigured("env-file-line", **facts, line=str(wrong[0]))
    return ENV_FILE
