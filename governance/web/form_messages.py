"""Messages for empty form fields, in everyday words."""

from django import forms
from django.utils.translation import gettext_lazy

forms.Field.default_error_messages["required"] = gettext_lazy("请填写")
forms.ChoiceField.default_error_messages["required"] = gettext_lazy("请选择")
forms.FileField.default_error_messages["required"] = gettext_lazy("请选择文件")
