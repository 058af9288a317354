"""Lets Schemathesis send files that it has no form for."""

import schemathesis

# A file goes out as it is: the document tells its lines as one text.
schemathesis.serializer.alias("application/x-ndjson", "text/plain")
