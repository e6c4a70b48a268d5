"""Tests of duty lists, admissions and consents."""
