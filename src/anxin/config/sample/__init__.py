"""A sample insurer: synthetic exports of its systems, with the truth about them. Nobody in it exists."""

from anxin.config.sample.insurer import SampleReport, write_sample

__all__ = ["SampleReport", "write_sample"]
