"""Text in normal form: telephones, two languages.

`bilingual.py` (rules): a district's own texts in the reader's language: Chinese, and English if the district gave one.
`telephones.py` (rules): telephone numbers in one normal form, so that the same number is always found again.
"""
