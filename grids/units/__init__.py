"""Units that can hold work, their hours and notice channels."""
