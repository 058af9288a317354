"""What each run of Schemathesis stands on, whoever it signs in."""

import ast
import threading

import schemathesis

# A file goes out as it is: the document tells its lines as one text.
schemathesis.serializer.alias("application/x-ndjson", "text/plain")


def one_at_a_time(function):
    """CPython 3.11 counts the depth of a syntax tree for all threads together and fails where two build one."""
    lock = threading.Lock()

    def guarded(*arguments, **options):
        with lock:
            return function(*arguments, **options)

    return guarded


ast.parse = one_at_a_time(ast.parse)


@schemathesis.hook
def filter_case(context, case):
    """Leaves out bodies that break their schema only until they are sent: as a text, any value is some file."""
    is_value = case.body is None or isinstance(case.body, (bool, int, float, list, dict))
    return not (is_value and case.media_type == "application/x-ndjson")
