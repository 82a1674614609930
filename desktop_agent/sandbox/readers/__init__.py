"""Document formats: a file object in, a title and labelled parts of text out. All of it runs in the locked worker."""
