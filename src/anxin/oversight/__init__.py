"""Is our service good: quality, evaluation, insights. No room is in use yet; the borders already know the order."""
