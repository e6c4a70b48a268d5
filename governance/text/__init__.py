"""Text in normal form: telephones, two languages."""
