"""Activities that teams offer, with dates and places. Nothing is built yet."""
