"""`python -m benchmarks.throughput_server serve …`: a Layerloom whose workers know the reference models' data, too."""

from server.cli import main
from server.jobs import processes

if __name__ == "__main__":
    # The fork server imports it, and with it every process that is forked.
    processes.PRELOAD.append("benchmarks.reference_sources")
    main()
