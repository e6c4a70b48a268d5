"""The duty list, the check of dispatches against it, work admissions and consents."""
