"""Programs about themselves: functions, environments, conditions, packages, the session."""
