"""Feed the readers what no bank would send, guided by which branches an input reached (atheris).

    python bench/fuzz.py onec --seconds 300       one reader
    make fuzz SECONDS=3600                        all of them, the seconds shared out

The corpus begins with the files of fixtures/messages. An input that raises anything but FormatError, is read back as
another message, or takes too long is kept in build/fuzz/READER; mended, it belongs into fixtures/messages/.../broken,
where the tests replay it.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

BUILD = ROOT / "build" / "fuzz"
SEEDS = ROOT / "fixtures" / "messages"
INPUT_BYTES_MAX = 20_000
SECONDS_EACH_MAX = 20
MEMORY_MIB_MAX = 4_096
PARALLEL = 2


def main() -> None:
    """Run one reader here, or all of them, a process each."""
    parser = argparse.ArgumentParser(description="Fuzz the readers of bank files.")
    parser.add_argument("reader", help="the name of a reader in fixtures/readers.py, or all")
    parser.add_argument("--seconds", type=int, required=True, help="how long in all")
    given = parser.parse_args()
    if given.reader == "all":
        sys.exit(_all(given.seconds))
    _fuzz(given.reader, given.seconds)


def _all(seconds: int) -> int:
    from fixtures.readers import READERS

    each = max(seconds // len(READERS), 1)
    waiting, failed = list(READERS), []
    running: dict[str, subprocess.Popen[bytes]] = {}
    while waiting or running:
        while waiting and len(running) < PARALLEL:
            name = waiting.pop(0)
            running[name] = _started(name, each)
        name = next(iter(running))
        code = running.pop(name).wait()
        last = (BUILD / name / "log.txt").read_text(errors="replace").splitlines()
        done = next((line for line in reversed(last) if line.startswith(("Done ", "stat::number"))), "stopped")
        print(f"{name}: {done}", flush=True)
        failed += [name] if code else []
    print(f"failed: {', '.join(failed)}" if failed else "nothing was found")
    return len(failed)


def _started(name: str, seconds: int) -> subprocess.Popen[bytes]:
    """A process for one reader, which writes into its log."""
    folder = BUILD / name
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, __file__, name, "--seconds", str(seconds)]
    with (folder / "log.txt").open("w") as log:
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)


def _fuzz(name: str, seconds: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["formats"]):
        from fixtures.readers import READERS
        from formats.errors import FormatError

    reader = READERS[name]

    def feed(data: bytes) -> None:
        with suppress(FormatError):
            reader(data)

    atheris.Setup([sys.argv[0], *_options(name, seconds)], feed)
    atheris.Fuzz()


def _options(name: str, seconds: int) -> Sequence[str]:
    folder = BUILD / name
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    seeds = sorted({path.parent for path in SEEDS.rglob("*") if path.is_file()})
    return (
        f"-max_total_time={seconds}",
        f"-max_len={INPUT_BYTES_MAX}",
        f"-timeout={SECONDS_EACH_MAX}",
        f"-rss_limit_mb={MEMORY_MIB_MAX}",
        f"-artifact_prefix={folder}/",
        "-print_final_stats=1",
        str(corpus),
        *map(str, seeds),
    )


if __name__ == "__main__":
    main()
