"""Measures what a second core brings: to one training, to a sweep, and to two programs at once. Each pair is taken in turn."""

import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 5
TRAINING = "run --quiet --check never --tolerance 0"
SWEEP = "sweep --quiet --check never --tolerance 0 --epochs 300 --seed 1...16"


class Bench:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.count = 0

    def start(self, words):
        """Starts the program on a store of its own."""
        self.count += 1
        return subprocess.Popen([self.program, *words.split(), "--db", f"{self.folder}/{self.count}.sqlite"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def seconds(self, *commands, at_once=False):
        """How long commands take, one after the other or all at once."""
        start = time.perf_counter()
        running = []
        for words in commands:
            running.append(self.start(words))
            if not at_once:
                running[-1].wait()
        if any(child.wait() for child in running):
            raise SystemExit(f"{self.program} fails at: {', '.join(commands)}")
        return time.perf_counter() - start

    def compare(self, what, goal, one, other):
        """Prints how often as fast `other` is as `one`, round by round."""
        pairs = [(one(), other()) for _ in range(ROUNDS)]
        before, after = (statistics.median(side) for side in zip(*pairs))
        ratio = statistics.median(a / b for a, b in pairs)
        print(f"{what:58}{before:7.2f} s {after:7.2f} s {ratio:6.2f} x   goal {goal}", flush=True)


def main():
    with tempfile.TemporaryDirectory(prefix="threads-benchmark-") as folder:
        bench = Bench(sys.argv[1], folder)
        for network, options in [("64-100-10, L-BFGS", "--epochs 1500"), ("64-100-10, gradient descent", "--epochs 1500 --optimizer gd"),
                                 ("64-400-10, L-BFGS", "--epochs 600 --hidden 400")]:
            words = f"{TRAINING} {options} --threads"
            bench.compare(f"training {network}: 1 and 2 threads", "1.85",
                          lambda words=words: bench.seconds(f"{words} 1"), lambda words=words: bench.seconds(f"{words} 2"))
        bench.compare("sweep of 16: --jobs 1 and 2, --threads 1", "1.80",
                      lambda: bench.seconds(f"{SWEEP} --jobs 1 --threads 1"), lambda: bench.seconds(f"{SWEEP} --jobs 2 --threads 1"))
        bench.compare("sweep of 16: --jobs 1 --threads 2, --jobs 2 --threads 1", "1.00",
                      lambda: bench.seconds(f"{SWEEP} --jobs 1 --threads 2"), lambda: bench.seconds(f"{SWEEP} --jobs 2 --threads 1"))
        words = f"{TRAINING} --epochs 800"
        bench.compare("two trainings: one after the other, and at once", "0.90",
                      lambda: bench.seconds(words, words), lambda: bench.seconds(words, words, at_once=True))


if __name__ == "__main__":
    main()
