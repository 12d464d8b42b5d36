"""What every command of the project shares: wrong use is one line and exit 2, an interrupt is no traceback."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn

from .errors import DatelineError

DEFAULT_ARCHIVE = "archive"


class OneLineParser(argparse.ArgumentParser):
    """argparse without the usage text before an error."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}; see '{self.prog} --help'.", file=sys.stderr)
        raise SystemExit(2)


def run(command: Callable[[], int]) -> int:
    """Runs a command: errors of ours as one line on stderr with exit 2, Ctrl-C with exit 130."""
    try:
        code = command()
        sys.stdout.flush()
        return code
    except DatelineError as error:
        print(error, file=sys.stderr)
        return 2
    except sqlite3.Error as error:  # a full disk, a file taken away while it was open
        print(
            f"The archive cannot be used ({error}): free some disk space or put a backup in its place.", file=sys.stderr
        )
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has left (… | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def day(text: str) -> date:
    """An argument such as 2026-03-14."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day: write it as 2026-03-14") from None


def count(text: str) -> int:
    """An argument that is a whole number of at least 1."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no count: give a whole number of at least 1")
    return int(text)


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
