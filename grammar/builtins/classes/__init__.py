"""Classes of every kind: S3, S4, R6, reference classes."""
