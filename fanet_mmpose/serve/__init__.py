"""`fanet serve`: a page in the browser to try the models; needs the `demo` extra."""
