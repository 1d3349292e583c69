"""Pure decisions about files: what they are, how their columns are understood, how values are converted. No Django."""
