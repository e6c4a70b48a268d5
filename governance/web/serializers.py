"""Serializers that refuse what they do not know, so that a mistyped field is never ignored."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.functional import Promise as StrPromise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

# The JSON type of each kind of field, most special first. A decimal may be a number or, to be exact, a text.
JSON_TYPES: list[tuple[type[serializers.Field], tuple[type, ...], StrPromise]] = [
    (serializers.BooleanField, (bool,), gettext_lazy("应为 true 或 false")),
    (serializers.IntegerField, (int,), gettext_lazy("应为整数")),
    (serializers.DecimalField, (int, float, str), gettext_lazy("应为数字")),
    (serializers.MultipleChoiceField, (list,), gettext_lazy("应为列表")),
    (serializers.CharField, (str,), gettext_lazy("应为文本")),
    (serializers.ChoiceField, (str,), gettext_lazy("应为文本")),
    (serializers.UUIDField, (str,), gettext_lazy("应为文本")),
    (serializers.DateTimeField, (str,), gettext_lazy("应为文本")),
    (serializers.DateField, (str,), gettext_lazy("应为文本")),
]


class Strict(serializers.Serializer):
    """Refuses a field that it does not have, and a value of another JSON type than its field takes."""

    def to_internal_value(self, data: Any) -> Any:
        """The validated values. Raises ValidationError that names every unknown field and every wrong type."""
        if isinstance(data, Mapping):
            wrong = {name: [_("字段不存在")] for name in sorted(set(data) - set(self.fields))}
            wrong |= {
                name: [words]
                for name, value in data.items()
                if name in self.fields and (words := _wrong_type(self.fields[name], value))
            }
            if wrong:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)


def _wrong_type(field: serializers.Field, value: Any) -> str:
    """The words about a value whose JSON type does not fit the field; empty if it fits or the field checks it itself."""
    if value is None:
        return ""
    if isinstance(field, serializers.ListField) and isinstance(value, list) and field.child:
        return next((words for one in value if (words := _wrong_type(field.child, one))), "")
    for kind, types, words in JSON_TYPES:
        if isinstance(field, kind):
            fits = isinstance(value, types) and (isinstance(value, bool) == (types == (bool,)))
            return "" if fits else str(words)
    return ""


def require_types(
    shape: type[serializers.Serializer], body: Mapping[str, Any], known: Collection[str]
) -> None:
    """Raise ValidationError for names that are not known, and for values of a JSON type that the field does not take.

    `shape` has a field for each name of any verb; `known` are the names of this one. A null counts as left out.
    """
    fields, wrong = shape().fields, {}
    for name, value in body.items():
        if name not in known:
            wrong[name] = [{"message": _("字段不存在，或该操作不需要此字段"), "code": "unknown"}]
        elif value is not None and name in fields:
            if words := _wrong_type(fields[name], value):
                wrong[name] = [{"message": words, "code": "invalid"}]
                continue
            try:
                fields[name].run_validation(value)
            except serializers.ValidationError as error:
                wrong[name] = [{"message": str(one), "code": one.code} for one in _flat(error.detail)]
    if wrong:
        raise serializers.ValidationError(wrong)


def _flat(detail: Any) -> list[Any]:
    if isinstance(detail, list):
        return [one for part in detail for one in _flat(part)]
    if isinstance(detail, dict):
        return [one for part in detail.values() for one in _flat(part)]
    return [detail]
