"""The last acts of one listing, for a page about it: {% include "admin/history/_recent.html" %} with `provider`."""

from __future__ import annotations

from referral.admin.history.blueprint import history
from referral.admin.history.told import ActTold, told
from referral.extensions import db
from referral.history.reading import Wanted, acts, with_merged

N_RECENT = 5


@history.app_template_global("recent_history")
def recent_history(provider_id: int) -> list[ActTold]:
    wanted = Wanted(provider_ids=with_merged(db.session, provider_id))
    return told(db.session, acts(db.session, wanted, before=None, limit=N_RECENT), wanted)
