"""The category tree and the service levels of a district."""
