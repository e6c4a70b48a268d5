"""Actions on the privacy notice and on requests about personal data."""
