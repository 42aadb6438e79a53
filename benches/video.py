#!/usr/bin/python3
"""Times `deponent clean` on a video of four gigabytes, as MP4 and as Matroska, beside `cp`, and prints the most
memory that it took. Ends with 1 where it is slower than half of cp's speed, or takes 64 MiB or more.

usage: benches/video.py [--program PROGRAM] [--gb N] [--rounds N] [--folder DIR]

The video is made by ffmpeg: a noisy minute with sound, again and again. Copies are written in DIR (/dev/shm by
default, so that no disk is measured), which needs three times the room; each counts until it is on the disk.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT_MIB = 64


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=ROOT / "target/release/deponent")
    parser.add_argument("--gb", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=Path("/dev/shm"))
    arguments = parser.parse_args()
    if not arguments.program.exists():
        sys.exit(f"{arguments.program} is missing: scripts/build")
    failed = False
    with tempfile.TemporaryDirectory(prefix="deponent-bench-", dir=arguments.folder) as folder:
        folder = Path(folder)
        short = folder / "short.mkv"
        ffmpeg("-f", "lavfi", "-i", "testsrc2=s=1280x720:r=30,noise=alls=60:allf=t", "-f", "lavfi", "-i", "anoisesrc",
               "-t", "20", "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "40M", "-c:a", "aac", short)
        times = int(arguments.gb * 1e9 / short.stat().st_size)
        for extension in ("mp4", "mkv"):
            video = folder / f"video.{extension}"
            ffmpeg("-stream_loop", str(times), "-i", short, "-c", "copy", video)
            failed |= compare(arguments.program, video, folder, arguments.rounds)
            video.unlink()
    sys.exit(failed)


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", *arguments], check=True)


def compare(program, video, folder, rounds):
    """Whether ours is too slow or takes too much."""
    copy = folder / f"01{video.suffix}"
    times, peaks = {"cp": [], "deponent": []}, []
    for _ in range(rounds):
        times["cp"].append(timed(["cp", video, copy])[0])
        copy.unlink()
        taken, peak = timed([program, "clean", "-o", folder, video])
        times["deponent"].append(taken)
        peaks.append(peak)
        (made,) = set(folder.glob("*")) - {video, folder / "short.mkv"}
        made.unlink()
    cp, ours = statistics.median(times["cp"]), statistics.median(times["deponent"])
    size = video.stat().st_size
    print(f"{video.suffix[1:]}: {size / 1e9:.2f} GB; cp {size / 1e9 / cp:.2f} GB/s; ours {size / 1e9 / ours:.2f} GB/s, "
          f"{cp / ours:.2f} of cp's speed (at least 0.5); {max(peaks):.1f} MiB at most (limit {LIMIT_MIB})")
    return cp / ours < 0.5 or max(peaks) >= LIMIT_MIB


def timed(command):
    """Seconds until what it wrote is on the disk, and the most memory it took, in MiB."""
    begun = time.perf_counter()
    # A fresh interpreter starts it: a child begins with its parent's peak.
    run = subprocess.run([sys.executable, "-c", MEASURE, *command], stdout=subprocess.PIPE, text=True)
    os.sync()
    taken = time.perf_counter() - begun
    if run.returncode:
        sys.exit(f"{command[0]} failed with {run.returncode}")
    return taken, int(run.stdout) / 1024


MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


if __name__ == "__main__":
    main()
