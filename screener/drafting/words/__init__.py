"""The words of an item → tokens, and what each means where it stands."""
