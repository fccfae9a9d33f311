"""Who acts: roles and the actor a session stands for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from records.ids import UserId


class Role(StrEnum):
    """What a person is here for. One person may hold several, never two sides of the same decision."""

    RESEARCHER = "researcher"  # 研究者
    REVIEWER = "reviewer"  # 伦理审核
    ANALYST = "analyst"  # 数据分析
    RELEASER = "releaser"  # 放行
    CLINICIAN = "clinician"  # 临床医师
    ARCHIVIST = "archivist"  # 档案员
    QC = "qc"  # 质控
    AUDITOR = "auditor"  # 审计
    MANAGER = "manager"  # 管理
    OPERATOR = "operator"  # 运维


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as the strong room knows them, resolved from a session; never built from what a client says."""

    user: UserId
    roles: frozenset[Role]
    department: str | None = None
    display: str = ""
