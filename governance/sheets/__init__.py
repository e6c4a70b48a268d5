"""Settings as Excel sheets: export, edit in Excel, import after a preview of the changes."""
