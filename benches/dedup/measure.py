"""Runs a command and tells, as the last line, what it took: processor seconds and the most memory of its processes."""

import json
import resource
import subprocess
import sys

status = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"cpu_seconds": used.ru_utime + used.ru_stime, "memory_mebibytes": used.ru_maxrss / 1024}))
sys.exit(status)
