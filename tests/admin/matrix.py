"""Every address of staff with the lowest role that may use it. A new route fails until it stands here."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import Rule

from referral.admin.shared.access import ADMIN, ANYONE, EDITOR, VIEWER

ACCOUNTS: dict[tuple[str, str], str] = {
    ("GET", "admin.accounts.sign_in"): ANYONE,
    ("POST", "admin.accounts.check_password"): ANYONE,
    ("GET", "admin.accounts.code"): ANYONE,
    ("POST", "admin.accounts.check_code"): ANYONE,
    ("POST", "admin.accounts.sign_out"): VIEWER,
    ("GET", "admin.accounts.setup"): ANYONE,
    ("POST", "admin.accounts.make_first_admin"): ANYONE,
    ("GET", "admin.accounts.link"): ANYONE,
    ("POST", "admin.accounts.use_link"): ANYONE,
    ("GET", "admin.accounts.own"): VIEWER,
    ("POST", "admin.accounts.save_name"): VIEWER,
    ("POST", "admin.accounts.save_password"): VIEWER,
    ("POST", "admin.accounts.end_other_sessions"): VIEWER,
    ("GET", "admin.accounts.second_step"): VIEWER,
    ("POST", "admin.accounts.set_up_second_step"): VIEWER,
    ("POST", "admin.accounts.new_recovery_codes"): VIEWER,
    ("POST", "admin.accounts.remove_second_step"): VIEWER,
    ("GET", "admin.accounts.users"): ADMIN,
    ("GET", "admin.accounts.invite"): ADMIN,
    ("POST", "admin.accounts.send_invite"): ADMIN,
    ("GET", "admin.accounts.user"): ADMIN,
    ("POST", "admin.accounts.save_role"): ADMIN,
    ("POST", "admin.accounts.disable"): ADMIN,
    ("POST", "admin.accounts.enable"): ADMIN,
    ("POST", "admin.accounts.end_sessions"): ADMIN,
    ("POST", "admin.accounts.make_link"): ADMIN,
}

DUPLICATES: dict[tuple[str, str], str] = {
    ("GET", "admin.duplicates.index"): VIEWER,
    ("POST", "admin.duplicates.search"): EDITOR,
    ("GET", "admin.duplicates.pair"): VIEWER,
    ("GET", "admin.duplicates.new"): VIEWER,
    ("POST", "admin.duplicates.dismiss"): EDITOR,
    ("POST", "admin.duplicates.reopen"): EDITOR,
    ("POST", "admin.duplicates.merge"): EDITOR,
    ("GET", "admin.duplicates.merges"): VIEWER,
    ("GET", "admin.duplicates.merge_made"): VIEWER,
    ("POST", "admin.duplicates.undo"): EDITOR,
}

CONFIRMING: dict[tuple[str, str], str] = {
    ("POST", "admin.confirming.assign"): EDITOR,
    ("POST", "admin.confirming.confirm"): EDITOR,
    ("GET", "admin.confirming.go_on"): EDITOR,
    ("GET", "admin.confirming.index"): VIEWER,
    ("GET", "admin.confirming.listing"): VIEWER,
    ("POST", "admin.confirming.log_call"): EDITOR,
    ("POST", "admin.confirming.take"): EDITOR,
}

DASHBOARD: dict[tuple[str, str], str] = {
    ("GET", "admin.dashboard.confirmations"): VIEWER,
    ("GET", "admin.dashboard.facts"): VIEWER,
    ("GET", "admin.dashboard.index"): VIEWER,
}

EDITING: dict[tuple[str, str], str] = {
    ("POST", "admin.editing.create"): EDITOR,
    ("POST", "admin.editing.create_program"): EDITOR,
    ("GET", "admin.editing.duplicate_program"): EDITOR,
    ("GET", "admin.editing.edit"): EDITOR,
    ("GET", "admin.editing.edit_program"): EDITOR,
    ("GET", "admin.editing.listing"): VIEWER,
    ("GET", "admin.editing.new"): EDITOR,
    ("GET", "admin.editing.new_program"): EDITOR,
    ("POST", "admin.editing.preview"): EDITOR,
    ("POST", "admin.editing.preview_new"): EDITOR,
    ("POST", "admin.editing.save"): EDITOR,
    ("POST", "admin.editing.save_program"): EDITOR,
    ("POST", "admin.editing.set_program_status"): EDITOR,
    ("POST", "admin.editing.set_status"): EDITOR,
    ("POST", "admin.editing.settle"): EDITOR,
    ("GET", "admin.editing.status"): EDITOR,
}

EXPORTS: dict[tuple[str, str], str] = {
    ("GET", "admin.exports.download"): VIEWER,
    ("GET", "admin.exports.index"): VIEWER,
    ("GET", "admin.exports.template"): VIEWER,
}

HISTORY: dict[tuple[str, str], str] = {
    ("GET", "admin.history.ask_to_put_back"): EDITOR,
    ("GET", "admin.history.index"): VIEWER,
    ("GET", "admin.history.listing"): VIEWER,
    ("POST", "admin.history.save_put_back"): EDITOR,
}

INBOX: dict[tuple[str, str], str] = {
    ("POST", "admin.inbox.assign"): EDITOR,
    ("POST", "admin.inbox.close"): EDITOR,
    ("GET", "admin.inbox.index"): VIEWER,
    ("POST", "admin.inbox.reopen"): EDITOR,
    ("GET", "admin.inbox.report"): VIEWER,
}

WHY: dict[tuple[str, str], str] = {
    ("POST", "admin.why.ask"): VIEWER,
    ("GET", "admin.why.index"): VIEWER,
}

IMPORTS: dict[tuple[str, str], str] = {
    ("POST", "admin.imports.apply"): EDITOR,
    ("GET", "admin.imports.ask_to_settle_all"): EDITOR,
    ("POST", "admin.imports.compare"): EDITOR,
    ("POST", "admin.imports.delete_mapping"): EDITOR,
    ("GET", "admin.imports.differences"): VIEWER,
    ("POST", "admin.imports.discard"): EDITOR,
    ("GET", "admin.imports.draft"): VIEWER,
    ("GET", "admin.imports.gone"): VIEWER,
    ("GET", "admin.imports.index"): VIEWER,
    ("GET", "admin.imports.mapping"): EDITOR,
    ("GET", "admin.imports.mappings"): VIEWER,
    ("GET", "admin.imports.rejected"): VIEWER,
    ("POST", "admin.imports.rename_mapping"): EDITOR,
    ("GET", "admin.imports.rows"): VIEWER,
    ("GET", "admin.imports.run"): VIEWER,
    ("POST", "admin.imports.save_mapping"): EDITOR,
    ("POST", "admin.imports.settle"): EDITOR,
    ("POST", "admin.imports.settle_all"): EDITOR,
    ("POST", "admin.imports.take_back"): ADMIN,
    ("POST", "admin.imports.take_gone_off"): EDITOR,
    ("GET", "admin.imports.undo"): ADMIN,
    ("POST", "admin.imports.upload"): EDITOR,
}

ROUTES: dict[tuple[str, str], str] = {
    ("GET", "admin.home"): VIEWER,
    **ACCOUNTS,
    **IMPORTS,
    **CONFIRMING,
    **DASHBOARD,
    **EDITING,
    **EXPORTS,
    **HISTORY,
    **INBOX,
    **WHY,
    **DUPLICATES,
    ("GET", "admin.listings.index"): VIEWER,
}
"""By method and endpoint."""

WRONG_ID = 987_654_321
"""Nothing has this number: who may not use a route is told so before anything is looked up."""

ENDS_SESSION = "admin.accounts.sign_out"


def staff_rules(app: Flask) -> list[tuple[Rule, str]]:
    """Each rule under /admin with each of its methods; the one that signs out comes last."""
    found = [
        (rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("admin.") or rule.rule.startswith("/admin")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda pair: pair[0].endpoint == ENDS_SESSION)


def path_of(app: Flask, rule: Rule) -> str:
    """An address of this rule, with numbers and names of nothing in it."""
    numbers = {name for name, converter in rule._converters.items() if type(converter).__name__ == "Number"}
    values = {name: WRONG_ID if name in numbers else "nothing" for name in rule.arguments}
    return app.url_map.bind("localhost").build(
        rule.endpoint, values, method="GET" if "GET" in (rule.methods or ()) else "POST"
    )
