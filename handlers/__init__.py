"""One module for each thing a person can say or ask."""
