"""Messages of form fields, validators and serializers, in everyday words."""

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy
from rest_framework import serializers

forms.Field.default_error_messages["required"] = gettext_lazy("请填写")
forms.ChoiceField.default_error_messages["required"] = gettext_lazy("请选择")
forms.FileField.default_error_messages["required"] = gettext_lazy("请选择文件")

validators.MinValueValidator.message = gettext_lazy("不能小于 %(limit_value)s")
validators.MaxValueValidator.message = gettext_lazy("不能大于 %(limit_value)s")
validators.MaxLengthValidator.message = gettext_lazy("最多 %(limit_value)d 字，现有 %(show_value)d 字")
validators.MinLengthValidator.message = gettext_lazy("至少 %(limit_value)d 字，现有 %(show_value)d 字")
validators.DecimalValidator.messages |= {
    "invalid": gettext_lazy("请填写数字"),
    "max_digits": gettext_lazy("最多 %(max)d 位数字"),
    "max_decimal_places": gettext_lazy("小数最多 %(max)d 位"),
    "max_whole_digits": gettext_lazy("整数部分最多 %(max)d 位"),
}
forms.IntegerField.default_error_messages["invalid"] = gettext_lazy("请填写整数")
forms.FloatField.default_error_messages["invalid"] = gettext_lazy("请填写数字")
forms.DecimalField.default_error_messages["invalid"] = gettext_lazy("请填写数字")
for field in (serializers.IntegerField, serializers.FloatField, serializers.DecimalField):
    field.default_error_messages["min_value"] = gettext_lazy("不能小于 {min_value}")
    field.default_error_messages["max_value"] = gettext_lazy("不能大于 {max_value}")
serializers.CharField.default_error_messages["max_length"] = gettext_lazy("最多 {max_length} 字")
serializers.CharField.default_error_messages["min_length"] = gettext_lazy("至少 {min_length} 字")
