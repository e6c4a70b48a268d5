"""Reply templates: texts that units write often."""
