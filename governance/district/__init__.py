"""Settings of a district: change them, and check the setup."""
