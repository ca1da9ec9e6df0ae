"""The commands of `padan`, one module per group; each registers nothing by itself: `pipelines.cli` lists them."""
