from tests.tips.conftest import stocked, tips, turn

__all__ = ["stocked", "tips", "turn"]
