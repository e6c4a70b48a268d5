"""When is it due: work calendars, clocks, deadlines and the timer loop."""
