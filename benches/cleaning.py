#!/usr/bin/python3
"""Times `deponent clean` on forty photos in one call, beside mat2 and exiftool on the same forty.

usage: benches/cleaning.py [--program PROGRAM] [--rounds N] [DIR]

Takes the JPEGs of DIR, or else makes forty from a fixture. Every round runs each program once, in turn, so
that a busy moment hits all of them. Needs the release program (cargo build --release); mat2 and exiftool
are left out where they are missing.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PHOTO = ROOT / "tests/fixtures/dirty/IMG_20260914_183042.jpg"
COUNT = 40


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR")
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/deponent")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    if not arguments.program.exists():
        sys.exit(f"{arguments.program} is missing: cargo build --release")
    with tempfile.TemporaryDirectory(prefix="deponent-bench-") as folder:
        photos = gathered(arguments.folder, Path(folder, "photos"))
        size = sum(photo.stat().st_size for photo in photos)
        print(f"{len(photos)} photos, {size / 2**20:.1f} MiB, {arguments.rounds} rounds")
        compare(contestants(arguments.program), photos, Path(folder, "run"), arguments.rounds)


def gathered(given, folder):
    """Forty photos to work on."""
    folder.mkdir()
    if given:
        found = sorted(path for path in given.iterdir() if path.suffix.lower() in (".jpg", ".jpeg"))[:COUNT]
        return [Path(shutil.copy(path, folder / f"{number:02}.jpg")) for number, path in enumerate(found)]
    photo = PHOTO.read_bytes()
    for number in range(COUNT):
        # A comment that differs, so that no two are the same file.
        (folder / f"{number:02}.jpg").write_bytes(photo[:2] + b"\xff\xfe\0\x04%02d" % number + photo[2:])
    return sorted(folder.iterdir())


def contestants(program):
    """Name, and what it runs on the files in a folder; each leaves clean copies, or cleans in place."""
    all = {"deponent": lambda files, folder: [program, "clean", "-o", folder / "clean", *files]}
    if shutil.which("mat2"):
        all["mat2"] = lambda files, folder: ["mat2", *files]
    if shutil.which("exiftool"):
        all["exiftool -all="] = lambda files, folder: ["exiftool", "-q", "-m", "-all=", *files]
    return all


def compare(contestants, photos, folder, rounds):
    times = {name: [] for name in contestants}
    outcomes = {}
    for round in range(rounds + 1):
        for name, command in contestants.items():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            files = [Path(shutil.copy(photo, folder)) for photo in photos]
            os.sync()
            begun = time.perf_counter()
            outcomes[name] = subprocess.run(command(files, folder), capture_output=True).returncode
            # The first round only warms the caches.
            if round:
                times[name].append(time.perf_counter() - begun)
    ours = statistics.median(times["deponent"])
    print(f"{'program':<16}{'median s':>10}{'least s':>10}{'ms a photo':>12}{'ours is':>14}{'exit':>6}")
    for name, taken in times.items():
        median = statistics.median(taken)
        faster = f"{median / ours:.1f}x faster" if name != "deponent" else ""
        print(f"{name:<16}{median:>10.3f}{min(taken):>10.3f}{1000 * median / len(photos):>12.1f}{faster:>14}"
              f"{outcomes[name]:>6}")


if __name__ == "__main__":
    main()
