"""Runs a module as a program, and ends it when the one who started it is gone: `python -m localhost.leash MODULE`."""

from __future__ import annotations

import os
import runpy
import sys
import threading


def end_with_parent() -> None:
    """Our standard input is a pipe that nobody writes in: it ends when the other side does."""
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
