"""Judging the book of business: a plain library over Parquet files. Knows tables and columns, never Django."""
