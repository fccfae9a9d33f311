"""Makes small groups larger before a release by taking detail away from their rows. Adds nothing, keeps every row."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from approvals.egress import Policy, Row, Value, banded, groups, people_in, shipped
from approvals.variables import ordered


def coarsen(rows: Sequence[Row], policy: Policy | None = None) -> tuple[list[dict[str, Value]], int]:
    """The rows with detail taken away where too few patients share a combination of quasi-identifiers, and how many
    rows lost any besides the exact age. Same rows in, same rows out; their columns are `coarse_columns`.

    An exact age becomes its band for all rows; then, for the rows of small groups only, one column after another is
    emptied, in the policy's order, until their group is large enough or nothing is left to empty.
    """
    policy = policy or shipped()
    coarse = [_without_age(row) for row in rows]
    changed: set[int] = set()
    for column in policy.coarsen_order:
        for index in _in_small_groups(coarse, policy):
            for name in (column, *policy.tied.get(column, ())):
                if coarse[index].get(name) is not None:
                    coarse[index][name] = None
                    changed.add(index)
    return coarse, len(changed)


def coarse_columns(columns: Collection[str]) -> list[str]:
    """The columns of coarsened rows: the age band stands in for the age."""
    return ordered({"age_band" if name == "age" else name for name in columns})


def _without_age(row: Row) -> dict[str, Value]:
    return {name: value for name, value in banded(row).items() if name != "age"}


def _in_small_groups(rows: Sequence[Row], policy: Policy) -> list[int]:
    columns = [name for name in policy.quasi_identifiers if any(row.get(name) not in (None, "") for row in rows)]
    small = [members for members in groups(rows, columns) if people_in(rows, members) < policy.small_cell]
    return [index for members in small for index in members]
