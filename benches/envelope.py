#!/usr/bin/python3
"""Seals and opens side by side with rage and Go's age, and prints ratios. Ends with 1 where one is missed.

usage: benches/envelope.py [--mib N] [--rounds N] [--files N]

One large file goes from memory file system to memory file system (/dev/shm, which must hold three of it);
every round runs each program once, in turn, so that a busy moment hits all of them, and the medians are
compared. Then small files in one process, by CPU time, beside the age crate; and a hostile header. Needs
rage and target/peers (scripts/setup). Builds the release programs by itself.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AGE = ROOT / "target/peers/bin/age"
# What is promised: times the speed of the others, MiB, times the age crate's CPU, microseconds.
SEAL_RAGE, SEAL_AGE, OPEN_RAGE, OPEN_AGE = 2.0, 1.6, 2.5, 1.9
PEAK_MIB, SMALL_RATIO, HYBRID_US, REFUSAL_US = 16, 1.3, 200, 50_000

missed = []


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--files", type=int, default=10_000)
    arguments = parser.parse_args()
    bench, desk = built()
    with tempfile.TemporaryDirectory(prefix="deponent-bench-", dir="/dev/shm") as folder:
        folder = Path(folder)
        keys = {kind: key(desk, folder, kind) for kind in ("x25519", "hybrid")}
        large(bench, desk, folder, keys, arguments)
        small(bench, keys, arguments.files)
        refusal(bench, folder)
    for what in missed:
        print(f"MISSED: {what}")
    sys.exit(bool(missed))


def built():
    """The bench program and the desk's, both for release."""
    subprocess.run([ROOT / "scripts/build", "--quiet"], check=True)
    command = ["cargo", "bench", "--locked", "--quiet", "--no-run", "--bench", "envelope", "--message-format=json"]
    lines = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    messages = [json.loads(line) for line in lines if line.startswith("{")]
    bench = [message["executable"] for message in messages if message.get("target", {}).get("name") == "envelope"]
    return bench[-1], ROOT / "target/release/deponent-desk"


def key(desk, folder, kind):
    """Identity file and recipient."""
    path = folder / f"{kind}.key"
    options = ["--x25519"] if kind == "x25519" else []
    command = [desk, "keygen", "--no-passphrase", *options, "-o", path]
    return path, subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.strip()


def large(bench, desk, folder, keys, arguments):
    plain, sealed, out = folder / "plain", folder / "sealed", folder / "out"
    with open(plain, "wb") as file:
        for _ in range(arguments.mib):
            file.write(os.urandom(1 << 20))
    identity, recipient = keys["x25519"]
    seal = {
        "deponent": [bench, "seal", recipient, plain, out],
        "rage": ["rage", "-r", recipient, "-o", out, plain],
        "age": [AGE, "-r", recipient, "-o", out, plain],
    }
    open_ = {
        "deponent": [desk, "decrypt", "-i", identity, "-o", out, sealed],
        "rage": ["rage", "-d", "-i", identity, "-o", out, sealed],
        "age": [AGE, "-d", "-i", identity, "-o", out, sealed],
    }
    subprocess.run([AGE, "-r", recipient, "-o", sealed, plain], check=True)
    compare("seal", seal, out, arguments, {"rage": SEAL_RAGE, "age": SEAL_AGE})
    compare("open", open_, out, arguments, {"rage": OPEN_RAGE, "age": OPEN_AGE})


def compare(task, commands, out, arguments, promised):
    """Runs every command in turn, and prints medians and ratios."""
    runs = {name: [] for name in commands}
    for _ in range(arguments.rounds):
        for name, command in commands.items():
            out.unlink(missing_ok=True)
            runs[name].append(measured(command))
    out.unlink(missing_ok=True)
    ours = statistics.median(run["wall"] for run in runs["deponent"])
    for name, its in runs.items():
        wall, peak = statistics.median(run["wall"] for run in its), max(run["peak"] for run in its)
        line = f"{task} {arguments.mib} MiB  {name:9} {arguments.mib * 1.048576 / wall:6.0f} MB/s  {peak:5.1f} MiB"
        if name in promised:
            line += f"  deponent is {wall / ours:.2f} x as fast (promised {promised[name]})"
            check(f"{task}: {wall / ours:.2f} x {name}", wall / ours >= promised[name])
        else:
            check(f"{task}: {peak:.1f} MiB", peak < PEAK_MIB)
        print(line, flush=True)


def small(bench, keys, files):
    for task in ("seal", "open"):
        run = lambda who, kind: measured([bench, "small", task, who, keys[kind][0], str(files)])["cpu"] / files * 1e6
        rounds = [(run("ours", "x25519"), run("age", "x25519"), run("ours", "hybrid")) for _ in range(3)]
        ours, age, hybrid = (statistics.median(column) for column in zip(*rounds))
        print(f"{task} 4 KiB  X25519 {ours:.0f} us CPU a file, {ours / age:.2f} x the age crate's {age:.0f} "
              f"(promised {SMALL_RATIO}); hybrid {hybrid:.0f} us (promised {HYBRID_US})", flush=True)
        check(f"{task} 4 KiB: {ours / age:.2f} x the age crate", ours / age <= SMALL_RATIO)
        check(f"{task} 4 KiB hybrid: {hybrid:.0f} us", hybrid <= HYBRID_US)


def refusal(bench, folder):
    """A header of 300 KB that the age crate takes minutes for."""
    path = folder / "hostile"
    path.write_bytes(b"age-encryption.org/v1\n" + b"-> x A\n\n" * 37_500)
    taken = int(subprocess.run([bench, "refuse", path], stdout=subprocess.PIPE, check=True).stdout)
    print(f"refuse {path.stat().st_size} bytes of header: {taken} us (promised {REFUSAL_US})")
    check(f"refusal: {taken} us", taken < REFUSAL_US)


def measured(command):
    """Seconds on the clock and of CPU, and MiB at most. A fresh interpreter starts it: a child begins with
    its parent's peak."""
    run = subprocess.run([sys.executable, "-c", MEASURE, *command], stdout=subprocess.PIPE, check=True, text=True)
    wall, cpu, peak = map(float, run.stdout.split())
    return {"wall": wall, "cpu": cpu, "peak": peak / 1024}


MEASURE = """
import resource, subprocess, sys, time
begun = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
wall = time.perf_counter() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def check(what, kept):
    if not kept:
        missed.append(what)


if __name__ == "__main__":
    main()
