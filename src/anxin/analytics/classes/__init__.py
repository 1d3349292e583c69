"""Classes of customers by their figures: vectorised rules as Ibis expressions, the same on DuckDB and on Spark.

`registry` names every class and its values in both languages; the other modules hold the rules, one family each.
"""
