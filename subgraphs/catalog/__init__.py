"""The catalog: products, variants, categories, prices, search."""
