#!/usr/bin/python3
"""Times `deponent clean` on batches of files in one call, beside mat2 and exiftool on the same files.

usage: benches/cleaning.py [--program PROGRAM] [--rounds N] [DIR]

The batches are forty JPEGs, twenty PNGs, fifteen MP4s, twenty DOCX and twelve PDFs: of the folders of their
names in DIR as many of those that all programs accept, or else made from fixtures. Every round runs each program
once, in turn, so that a busy moment hits all of them, and on files in memory where the system has a folder there,
so that no disk is measured with them. Needs the release program (scripts/build); mat2 and exiftool are left out
where they are missing, and exiftool for documents, which it does not clean.
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
DIRTY = ROOT / "tests/fixtures/dirty"
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
# Extension, how many, and what they are made of where no folder is given.
BATCHES = [
    ("jpg", 40, ["IMG_20260914_183042.jpg"]),
    ("png", 20, ["Screenshot_20260914-183501.png"]),
    ("mp4", 15, ["VID_20260914_183042.mp4"]),
    ("docx", 20, ["hidden.docx", "office.docx", "strict.docx"]),
    ("pdf", 12, ["letter.pdf", "pictures.pdf", "drawn.pdf", "form.pdf"]),
]
DOCUMENTS = ["docx", "pdf"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", metavar="DIR")
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/deponent")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batch", choices=[batch[0] for batch in BATCHES], help="this one alone")
    arguments = parser.parse_args()
    if not arguments.program.exists():
        sys.exit(f"{arguments.program} is missing: scripts/build")
    print(f"{'batch':<14}{'MiB':>6}  {'program':<16}{'median s':>10}{'least s':>10}{'ms a file':>11}{'ours is':>14}")
    for extension, count, fixtures in BATCHES:
        if arguments.batch not in (None, extension):
            continue
        programs = contestants(arguments.program, extension)
        with tempfile.TemporaryDirectory(prefix="deponent-bench-", dir=MEMORY) as folder:
            folder = Path(folder)
            files = gathered(arguments.folder, extension, count, fixtures, folder, programs)
            if files:
                compare(programs, extension, files, folder / "run", arguments.rounds)


def contestants(program, extension):
    """Name, and what it runs on the files in a folder; each leaves clean copies, or cleans in place."""
    all = {"deponent": lambda files, folder: [program, "clean", "-o", folder / "clean", *files]}
    if shutil.which("mat2"):
        all["mat2"] = lambda files, folder: ["mat2", *files]
    if shutil.which("exiftool") and extension not in DOCUMENTS:
        all["exiftool -all="] = lambda files, folder: ["exiftool", "-q", "-m", "-all=", *files]
    return all


def gathered(given, extension, count, fixtures, folder, programs):
    """Files to work on: so many, or as many as there are."""
    (folder / "files").mkdir()
    if not given:
        files = [folder / "files" / f"{number:02}.{extension}" for number in range(count)]
        for number, file in enumerate(files):
            file.write_bytes((DIRTY / fixtures[number % len(fixtures)]).read_bytes())
        return files
    files = []
    for path in sorted((given / extension).glob(f"*.{extension}")):
        if len(files) < count and all(accepts(command, path, folder / "try") for command in programs.values()):
            files.append(Path(shutil.copy(path, folder / "files")))
    return files


def accepts(command, path, folder):
    return runs(command, [path], folder)[1] == 0


def runs(command, paths, folder):
    """Seconds and exit code of a program on fresh copies."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    files = [Path(shutil.copy(path, folder)) for path in paths]
    for file in files:
        file.chmod(0o600)
    os.sync()
    begun = time.perf_counter()
    code = subprocess.run(command(files, folder), capture_output=True).returncode
    return time.perf_counter() - begun, code


def compare(programs, extension, files, folder, rounds):
    size = sum(file.stat().st_size for file in files) / 2**20
    times = {name: [] for name in programs}
    for round in range(rounds + 1):
        for name, command in programs.items():
            taken, code = runs(command, files, folder)
            if code:
                sys.exit(f"{name} ended with {code}")
            # The first round only warms the caches.
            if round:
                times[name].append(taken)
    ours = statistics.median(times["deponent"])
    for name, taken in times.items():
        median = statistics.median(taken)
        faster = f"{median / ours:.1f}x faster" if name != "deponent" else ""
        print(f"{len(files):>3} {extension:<10}{size:>6.1f}  {name:<16}{median:>10.3f}{min(taken):>10.3f}"
              f"{1000 * median / len(files):>11.1f}{faster:>14}")


if __name__ == "__main__":
    main()
