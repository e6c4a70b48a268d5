"""Serializers that refuse what they do not know, so that a mistyped field is never ignored."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class Strict(serializers.Serializer):
    """Refuses a field that it does not have."""

    def to_internal_value(self, data: Any) -> Any:
        """The validated values. Raises ValidationError that names every unknown field."""
        if isinstance(data, Mapping) and (unknown := set(data) - set(self.fields)):
            raise serializers.ValidationError({name: [_("没有这个字段")] for name in sorted(unknown)})
        return super().to_internal_value(data)


def require_types(
    shape: type[serializers.Serializer], body: Mapping[str, Any], known: Collection[str]
) -> None:
    """Raise ValidationError for names that are not known, and for values of a JSON type that the field does not take.

    `shape` has a field for each name of any verb; `known` are the names of this one. A null counts as left out.
    """
    fields, wrong = shape().fields, {}
    for name, value in body.items():
        if name not in known:
            wrong[name] = [{"message": _("没有这个字段，或这个动作不需要它"), "code": "unknown"}]
        elif value is not None and name in fields:
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
