"""Forms of accounts. What a password must be is asked of referral.accounts.password_rules."""

from __future__ import annotations

from typing import Any

from flask import current_app
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet

from referral.accounts import password_rules, passwords
from referral.accounts.people import EMAIL, email_key
from referral.admin.shared.forms import StaffForm
from referral.models.user import MAX_EMAIL, MAX_PERSON_NAME, ROLES
from referral.pages.text import _
from referral.vocabulary.words import N_


class SignInForm(StaffForm):
    email = EmailField(N_("E-mail address"))
    password = PasswordField(N_("Password"))
    button_id = "sign-in"


class CodeForm(StaffForm):
    code = StringField(N_("Code"))
    button_id = "sign-in"


class PersonForm(StaffForm):
    name = StringField(N_("Name"))
    email = EmailField(N_("E-mail address"))

    def validate_name(self, field: StringField) -> None:
        check_name(field.data or "")

    def validate_email(self, field: EmailField) -> None:
        if len(field.data or "") > MAX_EMAIL or not EMAIL.fullmatch(field.data or ""):
            raise ValidationError(_("Enter an e-mail address, like name@example.org."))


class RoleField(RadioField):
    def pre_validate(self, form: Any) -> None:
        if self.data not in ROLES:
            raise ValidationError(_("Choose a role."))


def role_choices() -> list[SelectChoice]:
    return [SelectChoice(code, _(label)) for code, label in ROLES.items()]


class InviteForm(PersonForm):
    role = RoleField(N_("Role"), choices=role_choices)


class RoleForm(StaffForm):
    role = RoleField(N_("Role"), choices=role_choices)


class LinkForm(StaffForm):
    removes_second_step = BooleanField(N_("Remove the second step too, because the phone is lost"))
    button_id = "link"


class NameForm(StaffForm):
    name = StringField(N_("Name"))
    button_id = "save-name"

    def validate_name(self, field: StringField) -> None:
        check_name(field.data or "")


class NewPasswordForm(StaffForm):
    """Chooses a password. Who it is for must be said with `choose_for` before it is validated."""

    password = PasswordField(N_("New password"))
    again = PasswordField(N_("New password once more"))
    has_second_step = False
    about: tuple[str, ...] = ()

    def choose_for(self, *about: str, has_second_step: bool) -> None:
        self.about, self.has_second_step = about, has_second_step

    def min_length(self) -> int:
        return password_rules.min_length(has_second_step=self.has_second_step)

    def validate_password(self, field: PasswordField) -> None:
        about = (*self.about, current_app.config["ONWARD"].site_name)
        problem = password_rules.problem_with(field.data or "", about, has_second_step=self.has_second_step)
        if problem is not None:
            raise ValidationError(_(PROBLEMS[problem], n=self.min_length()))

    def validate_again(self, field: PasswordField) -> None:
        if passwords.normalised(field.data or "") != passwords.normalised(self.password.data or ""):
            raise ValidationError(_("The two passwords are not the same. Type both once more."))


PROBLEMS = {
    "short": N_("Use %(n)s characters or more. A few words in a row are easy to remember."),
    "long": N_("Use at most 1,000 characters."),
    "common": N_("This password is one that many people use, or easy to guess. Choose another."),
}


class FirstAdminForm(PersonForm, NewPasswordForm):
    """Makes the first account."""


class CurrentPassword(StaffForm):
    """Asks who is signed in for their password once more."""

    current = PasswordField(N_("Your current password"))


class ChangePasswordForm(NewPasswordForm, CurrentPassword):
    button_id = "save-password"


class NewCodesForm(CurrentPassword):
    button_id = "new-codes"


class RemoveSecondStepForm(CurrentPassword):
    button_id = "remove"


class SecondStepForm(CurrentPassword):
    sealed = HiddenField()
    code = StringField(N_("Code that the app shows"))


def check_name(name: str) -> None:
    if not name:
        raise ValidationError(_("Enter a name."))
    if len(name) > MAX_PERSON_NAME:
        raise ValidationError(_("Use at most %(n)s characters.", n=MAX_PERSON_NAME))


def key_of(form: SignInForm | PersonForm) -> str:
    return email_key(form.email.data or "")
