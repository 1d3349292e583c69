"""Reads of this room. Every one takes the actor and keeps to pairs and merges of which it reaches both files."""
