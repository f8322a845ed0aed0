"""Hardware descriptions that are none, or of other hardware."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("text", "why"), [("{", "Invalid JSON"), ('{"name": "x"}', "description: Field required"), (None, "Invalid JSON")]
)
def test_no_description(tables: Any, report: Any, text: str | None, why: str) -> None:
    row = tables.row("ok")
    tables.rows.loc[row, "hardware_description"] = text
    (finding,) = report().findings
    assert finding.check == "hardware"
    assert finding.problem == "hardware_description must be a hardware description as JSON"
    assert finding.keys == (tables.rows["key"][row],)
    assert why in finding.value


def test_another_name(tables: Any, found: Any) -> None:
    row = tables.row("failed")
    tables.rows.loc[row, "hardware"] = "pulse-small"
    assert found() == {"hardware: hardware must be the name in hardware_description": (tables.rows["key"][row],)}
