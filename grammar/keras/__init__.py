"""The words of R keras over the runtime: names and signatures are derived from the runtime's own tables."""
