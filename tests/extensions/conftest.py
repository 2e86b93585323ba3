from __future__ import annotations

from tests.attachments.conftest import office

__all__ = ["office"]
