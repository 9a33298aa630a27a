"""The first build against that of a program with swift-argument-parser alone, and what a user waits for after it.

Clean clones in turn, processor time of the whole build; sources of packages come from SwiftPM's cache.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ALONE = """// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "alone",
  dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")],
  targets: [
    .executableTarget(
      name: "alone", dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")])
  ])
"""
PROGRAM = """import ArgumentParser

@main
struct Alone: ParsableCommand {
  @Argument var text: String
  func run() { print(text) }
}
"""


def spent(command, folder):
    """Seconds on the clock and of the processor."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(rounds):
    root = Path(__file__).resolve().parents[2]
    ratios = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            alone, ours = Path(folder, "alone"), Path(folder, "tracker")
            Path(alone, "Sources/alone").mkdir(parents=True)
            Path(alone, "Package.swift").write_text(ALONE)
            Path(alone, "Sources/alone/Alone.swift").write_text(PROGRAM)
            subprocess.run(["git", "clone", "--quiet", root, ours], check=True)
            for package in (alone, ours):
                subprocess.run(["swift", "package", "resolve"], cwd=package, check=True, capture_output=True)
            _, floor = spent(["swift", "build", "--product", "alone"], alone)
            wall, first = spent(["swift", "build", "--product", "tracker"], ours)
            ratios.append(first / floor)
            print(f"first build {wall:.0f} s, {first:.1f} s of processor; argument parser alone {floor:.1f} s: {first / floor:.1f} x", flush=True)
            os.environ["TRACKER_DB"] = str(Path(folder, "store.sqlite"))
            subprocess.run(["swift", "run", "tracker", "start"], cwd=ours, check=True, capture_output=True)
            unchanged = statistics.median(spent(["swift", "run", "tracker", "list"], ours)[0] for _ in range(5))
            print(f"unchanged swift run tracker list: {unchanged:.2f} s")
            for name in ("TrackerCLI/Commands/ListCommand.swift", "TrackerStore/Store.swift"):
                file = Path(ours, "Sources", name)
                file.write_text(file.read_text() + "\nprivate let unused = 1\n")
                print(f"after a line in {name}: {spent(['swift', 'build', '--product', 'tracker'], ours)[0]:.1f} s", flush=True)
    print(f"median {statistics.median(ratios):.1f} x (goal 6.5 x; unchanged 1.5 s; after a line in a command 15 s)")


main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
