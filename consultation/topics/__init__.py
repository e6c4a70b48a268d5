"""Topics that residents or members bring in. Nothing is built yet."""
