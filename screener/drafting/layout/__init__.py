"""The published text → items and headings: where each begins, what stands below what."""
