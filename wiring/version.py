"""The version of this program, as pyproject.toml has it; a test compares."""

VERSION = "0.1.0"
