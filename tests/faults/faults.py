#!/usr/bin/env python3
"""Breaks what can break under the real binary and looks what is left; `make faults` calls it.

    faults.py BINARY DISK SCRATCH [--only NAME,…] [--rounds N] [--seed N] [--thorough]

BINARY is the server, DISK the shared object of disk.c, SCRATCH a folder that is emptied. Each trial stands in a file of its own.
The exit status is 1 when anything did not hold; what a failed trial wrote is left in SCRATCH. Standard library only.
"""
import argparse
import importlib
import pathlib
import sys
import time
import traceback

sys.dont_write_bytecode = True
import ground  # noqa: E402

TRIALS = [
    ("kill", "kill -9 under a write load"),
    ("power", "a power cut: what is not synced is lost or torn"),
    ("sync", "no answer before its sync, by strace"),
    ("disk", "each call to the disk fails in turn"),
    ("space", "a small file system that is full"),
    ("files", "a database that is missing, damaged, another's"),
    ("stop", "SIGTERM under load"),
    ("backup", "backup while writing, and restore"),
    ("editors", "many editors of the same records"),
]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("disk", type=pathlib.Path)
    parser.add_argument("scratch", type=pathlib.Path)
    parser.add_argument("--only", default="", help="names of trials, with commas")
    parser.add_argument("--rounds", type=int, default=100, help="how often the server is killed; the other trials follow it")
    parser.add_argument("--seed", default="1", help="decides what is written and when the fault comes")
    options = parser.parse_args()
    options.binary, options.disk = options.binary.resolve(), options.disk.resolve()
    options.scratch = options.scratch.resolve()
    names = [name for name, _ in TRIALS]
    options.only = [name for name in options.only.replace(",", " ").split() if name]
    for name in options.only:
        if name not in names:
            sys.exit(f"there is no trial \"{name}\"; there are {', '.join(names)}")
    return options


def run(name, title, options):
    trial = ground.Trial(name, title, options)
    began = time.monotonic()
    try:
        importlib.import_module(name).run(trial)
    except Exception as problem:  # a trial that breaks has not held
        trial.wrong(f"the trial broke: {problem!r}")
        (trial.folder / "traceback.txt").write_text(traceback.format_exc())
    trial.end()
    trial.seconds = time.monotonic() - began
    trial.clear()
    return trial


def verdict(trial):
    return "skipped" if trial.skipped else "holds" if not trial.failures else f"{len(trial.failures)} DID NOT HOLD"


def main():
    options = arguments()
    trials = []
    for name, title in TRIALS:
        if options.only and name not in options.only:
            continue
        trial = run(name, title, options)
        trials.append(trial)
        print(f"{name:9} {title:46} {trial.rounds:6} rounds {trial.requests:8} requests {trial.faults:6} faults "
              f"{trial.seconds:6.0f} s  {verdict(trial)}", flush=True)
        for what, figure in trial.figures.items():
            print(f"{'':9} {what}: {figure}")
        for note in [trial.skipped] * bool(trial.skipped) + trial.notes:
            print(f"{'':9} note: {note}")
    total = lambda what: sum(getattr(trial, what) for trial in trials)
    print(f"{'':9} {'in all':46} {total('rounds'):6} rounds {total('requests'):8} requests {total('faults'):6} faults "
          f"{total('seconds'):6.0f} s  seed {options.seed}")
    sys.exit(1 if any(trial.failures for trial in trials) else 0)


if __name__ == "__main__":
    main()
