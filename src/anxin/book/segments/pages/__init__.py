"""Pages: the board of classes, panels of the customer page, the builder of segments, cross-tabs."""
