"""What happens because something happened to a ticket."""
