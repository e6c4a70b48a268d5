"""Intake of reports: forms, similar tickets, receipts, import of past tickets."""
