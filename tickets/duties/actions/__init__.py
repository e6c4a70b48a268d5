"""Actions on duty lists, work admissions and consents."""
