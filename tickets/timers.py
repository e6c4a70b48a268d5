"""What the clocks of tickets do when they strike."""
