"""Time limits: work calendars, clocks, deadlines and the timer loop."""
