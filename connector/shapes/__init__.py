"""What flows send and get.

Bodies and queries are pydantic models: they come from outside and are checked. Answers are `TypedDict`s with the names
of the wire: mypy checks them where they are made, and nothing is built or checked again while running.
"""
