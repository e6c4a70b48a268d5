"""Messages of fields and validators: short and the same in forms, models and the API."""

import copy

import pytest
from django import forms
from django.core import validators
from django.utils import translation
from rest_framework import serializers

CASES = [
    (forms.IntegerField(min_value=10), "9", "不能小于 10", "Must be at least 10"),
    (forms.IntegerField(max_value=10), "11", "不能大于 10", "Must be at most 10"),
    (forms.IntegerField(), "十", "请填写整数", "Enter a whole number"),
    (forms.DecimalField(min_value=-90), "-91", "不能小于 -90", "Must be at least -90"),
    (forms.DecimalField(decimal_places=1), "1.25", "小数最多 1 位", "At most 1 digit(s) after the point"),
    (forms.FloatField(), "多", "请填写数字", "Enter a number"),
    (forms.CharField(max_length=2), "三个字", "最多 2 字，现有 3 字", "At most 2 characters, now 3"),
    (serializers.IntegerField(min_value=10), "9", "不能小于 10", "Must be at least 10"),
    (serializers.DecimalField(9, 6, max_value=90), "91", "不能大于 90", "Must be at most 90"),
    (serializers.CharField(max_length=2), "三个字", "最多 2 字", "At most 2 characters"),
]


def message(field, value):
    field = copy.deepcopy(field)  # a serializer's field formats its message once
    check = field.clean if isinstance(field, forms.Field) else field.run_validation
    with pytest.raises((forms.ValidationError, serializers.ValidationError)) as refused:
        check(value)
    return str(getattr(refused.value, "messages", None) or refused.value.detail)


@pytest.mark.parametrize(("field", "value", "chinese", "english"), CASES)
def test_a_limit_is_said_in_few_words(field, value, chinese, english):
    assert chinese in message(field, value)
    with translation.override("en"):
        assert english in message(field, value)


def test_a_validator_of_a_model_says_the_same():
    with pytest.raises(forms.ValidationError, match="不能小于 10"):
        validators.MinValueValidator(10)(9)
