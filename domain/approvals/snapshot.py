"""A plan as an approval keeps it in its row: plain data, read back also when it was written by an older version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.approvals.policy import Circle, Condition, Plan, Stage


def write_plan(plan: Plan) -> dict[str, Any]:
    return {"stages": [_stage(stage) for stage in plan.stages], "restart": plan.restart, "bulk": plan.bulk}


def read_plan(data: Mapping[str, Any] | None, role: str) -> Plan:
    """An approval of before there were stages has no plan: one decision of anybody with its role."""
    if data is None:
        return Plan((Stage((Circle(role),)),))
    return Plan(
        tuple(_read_stage(stage) for stage in data.get("stages", ())),
        restart=data.get("restart", True),
        bulk=data.get("bulk", False),
    )


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "approvers": _circles(stage.approvers),
        "needed": stage.needed,
        "deadline": stage.deadline,
        "reminders": list(stage.reminders),
        "escalate_to": _circles(stage.escalate_to),
        "auto_approve": [
            {"one_of": {name: list(values) for name, values in c.one_of.items()}, "at_most": dict(c.at_most)}
            for c in stage.auto_approve
        ],
    }


def _read_stage(data: Mapping[str, Any]) -> Stage:
    conditions = (
        Condition(
            {name: tuple(values) for name, values in condition.get("one_of", {}).items()},
            dict(condition.get("at_most", {})),
        )
        for condition in data.get("auto_approve", ())
    )
    return Stage(
        approvers=_read_circles(data["approvers"]),
        needed=data.get("needed", 1),
        deadline=data.get("deadline"),
        reminders=tuple(data.get("reminders", ())),
        escalate_to=_read_circles(data.get("escalate_to", ())),
        auto_approve=tuple(conditions),
    )


def _circles(circles: Sequence[Circle]) -> list[dict[str, Any]]:
    return [{"role": circle.role, "people": list(circle.people)} for circle in circles]


def _read_circles(data: Sequence[Mapping[str, Any]]) -> tuple[Circle, ...]:
    return tuple(Circle(circle["role"], tuple(circle.get("people", ()))) for circle in data)
