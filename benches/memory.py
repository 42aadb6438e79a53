#!/usr/bin/python3
"""Seals a gibibyte of photos and prints the most memory that took. Ends with 1 at 64 MiB or more.

usage: benches/memory.py [--program PROGRAM] [--mib N]

The photos are made from a fixture in a temporary folder: tall ones of many copies of it, no two the same. Needs the release programs (cargo build --release) and twice the room on the disk.
"""

import argparse
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PHOTO = ROOT / "tests/fixtures/dirty/IMG_20260914_183042.jpg"
LIMIT_MIB = 64


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/deponent")
    parser.add_argument("--mib", type=int, default=1024)
    arguments = parser.parse_args()
    desk = arguments.program.with_name("deponent-desk")
    if not desk.exists():
        sys.exit(f"{desk} is missing: cargo build --release")
    with tempfile.TemporaryDirectory(prefix="deponent-bench-") as folder:
        folder = Path(folder)
        key = folder / "key"
        run = subprocess.run([desk, "keygen", "--no-passphrase", "-o", key], stdout=subprocess.PIPE, check=True, text=True)
        photos = made(folder, arguments.mib << 20)
        size = sum(photo.stat().st_size for photo in photos)
        command = [arguments.program, "seal", "-r", run.stdout.strip(), "-o", folder / "sealed.age", *photos]
        begun = time.perf_counter()
        peak_mib = peak(command) / 1024
        taken = time.perf_counter() - begun
        sealed = (folder / "sealed.age").stat().st_size
    print(f"{len(photos)} photos, {size / 2**20:.0f} MiB, sealed to {sealed / 2**20:.0f} MiB in {taken:.1f} s: "
          f"{peak_mib:.1f} MiB at most (limit {LIMIT_MIB})")
    sys.exit(peak_mib >= LIMIT_MIB)


def made(folder, size):
    """Photos of that many bytes together."""
    large = enlarged(PHOTO.read_bytes())
    photos = []
    while len(photos) * len(large) < size:
        photo = folder / f"IMG_{len(photos):04}.jpg"
        photo.write_bytes(large[:2] + b"\xff\xfe\0\x06%04d" % len(photos) + large[2:])
        photos.append(photo)
    return photos


def enlarged(photo):
    """One taller picture of many copies: with a restart marker after every row, rows can be repeated."""
    command = ["jpegtran", "-copy", "none", "-restart", "1"]
    photo = subprocess.run(command, input=photo, stdout=subprocess.PIPE, check=True).stdout
    sof, sos = photo.index(b"\xff\xc0\0\x11"), photo.index(b"\xff\xda\0\x0c")
    start = sos + 14
    intervals = split(photo[start:-2])
    height = struct.unpack(">H", photo[sof + 5:sof + 7])[0]
    copies = 65_500 // height
    rows = intervals * copies
    data = b"".join(row + b"\xff" + bytes([0xD0 + number % 8]) for number, row in enumerate(rows))
    head = photo[:sof + 5] + struct.pack(">H", height * copies) + photo[sof + 7:start]
    return head + data[:-2] + b"\xff\xd9"


def split(data):
    intervals, begun, at = [], 0, 0
    while (at := data.find(b"\xff", at)) >= 0:
        if 0xD0 <= data[at + 1] <= 0xD7:
            intervals.append(data[begun:at])
            begun = at + 2
        at += 2
    return [*intervals, data[begun:]]


def peak(command):
    """The most memory a program took, in KiB. A fresh interpreter starts it: a child begins with its parent's peak."""
    run = subprocess.run([sys.executable, "-c", MEASURE, *command], stdout=subprocess.PIPE, text=True)
    if run.returncode:
        sys.exit(f"{command[0]} failed with {run.returncode}")
    return int(run.stdout)


MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


if __name__ == "__main__":
    main()
