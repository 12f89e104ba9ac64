"""The form that all staff forms are made from: what people type comes in clean, and nothing else comes in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, PasswordField, RadioField, StringField, TextAreaField

from referral.importers.contact import clean_text
from referral.pages.text import _


def clean_line(text: str | None) -> str:
    """One line of visible text; empty where nothing was sent."""
    return clean_text(text or "")


def clean_lines(text: str | None) -> str:
    """Text of several lines, each as `clean_line` gives it, without empty ones at either end."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(clean_text(line) for line in lines).strip()


class StaffForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form of staff. Its text fields hold clean text and never None.

    The parent blueprint has checked the token, so the form does not: pages write `csrf_field()` into each form.
    Values are read field by field, so that what is not declared can be sent and does nothing.
    Labels and messages of validators are written with N_ and said in the language of the request by the macros.
    """

    button_id = "save"
    """Where an error leads that is of the whole form."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            kind, filters = unbound_field.field_class, list(unbound_field.kwargs.get("filters", ()))
            if issubclass(kind, TextAreaField):
                filters.insert(0, clean_lines)
            elif issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                filters.insert(0, clean_line)
            field: Field = unbound_field.bind(form=form, **options, filters=filters)
            return field

    def populate_obj(self, obj: object) -> None:
        raise TypeError("a staff form is read field by field")

    def refuse(self, reason: str) -> None:
        """Say why the form cannot be taken, although nothing in a field is wrong."""
        self.form_errors.append(reason)

    def summary(self) -> list[tuple[str, str]]:
        """Each error with the id of the element where it can be put right."""
        return [*_errors_of(self), *((self.button_id, _(str(text))) for text in self.form_errors)]


def _errors_of(fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if isinstance(field, FieldList | FormField):
            yield from _errors_of(field)
        else:
            target = f"{field.id}-0" if isinstance(field, RadioField) else field.id
            label = _(str(field.label.text))
            yield from ((target, _about(label, _(str(text)))) for text in field.errors)


def _about(label: str, error: str) -> str:
    """An error that can be read away from its field: with the label, unless it says by itself what it is about."""
    is_said = label.lower() in error.lower() or label.endswith("?")
    return error if is_said else f"{label}: {error}"


def show_in(admin: Blueprint) -> None:
    """Give the templates the words of a field. They come as plain text, so whatever stands in them is escaped."""
    admin.app_template_global("label_of")(lambda field: _(str(field.label.text)))
    admin.app_template_global("errors_of")(lambda field: [_(str(text)) for text in field.errors])
