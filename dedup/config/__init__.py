"""The configuration file: where it is found, how it is read and checked, and what is written of it for a person."""
