"""The mappings that are kept."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.models import ImportMapping


def all_kept(session: Session) -> Sequence[ImportMapping]:
    return session.scalars(
        sa.select(ImportMapping).order_by(sa.func.lower(ImportMapping.name), ImportMapping.id)
    ).all()
