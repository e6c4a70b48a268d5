"""The text that must never reach a page unescaped, and how it would look there."""

PAYLOAD = "\"'><b x>${7*7}=1"
RAW = "'><b x>"
