"""Pages of the privacy notice and of requests about personal data."""
