"""Songs from words on the Compose page: the text, how it is read, what is put right, takes that sing it."""
