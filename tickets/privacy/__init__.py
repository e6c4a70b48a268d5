"""The privacy notice, requests about personal data, and deletion in time."""
