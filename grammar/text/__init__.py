"""Text engines below the builtins: ``sprintf`` formats, regular expressions in R's dialects, calendar and clock."""
