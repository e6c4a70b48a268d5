"""Pages of the duty list, of work admissions and of consents."""
