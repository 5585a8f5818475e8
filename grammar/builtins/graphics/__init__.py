"""Devices, colours and pictures."""
