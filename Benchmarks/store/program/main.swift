// Measures the store: `TASK FOLDER` on a line of standard input, its time in seconds and a figure that shows the
// work on a line of standard output. A task that starts with `plain-` is the C peer's.

import CPlainStore
import TrackerStore

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  import Darwin
#endif

func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return (ContinuousClock.now - start) / .seconds(1)
}

let bulkCount = 200_000
let epochCount = 2_000
let metricCount = 11

/// A new store with a run that goes on.
func newRun(_ path: String) throws -> (Store, RunWriter) {
  for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
  let store = try Store(path: path)
  return (store, try store.startRun(RunStart(name: "benchmark")))
}

/// A point every ten milliseconds.
func series(_ count: Int, from start: Timestamp) -> [(key: String, point: MetricPoint)] {
  (0..<count).map { step in
    (
      "cost",
      MetricPoint(
        step: Int64(step), value: 1 / Double(step + 1),
        time: Timestamp(milliseconds: start.milliseconds + 10 * Int64(step)))
    )
  }
}

let keys = (0..<metricCount).map { "metric\($0)" }

func fileSize(_ path: String) -> Int {
  var information = stat()
  return stat(path, &information) == 0 ? Int(information.st_size) : 0
}

while let line = readLine() {
  let words = line.split(separator: " ").map(String.init)
  let (task, path) = (words[0], words[1] + "/store.sqlite")
  var taken = 0.0
  var figure = 0.0
  switch task {
  case "bulk":
    let (_, run) = try newRun(path)
    let points = series(bulkCount, from: run.startedAt)
    taken = try seconds { try run.log(points) }
    figure = Double(bulkCount)
  case "plain-bulk":
    do { _ = try newRun(path) }
    taken = plain_bulk(path, 1, bulkCount)
    figure = Double(bulkCount)
  case "epochs":
    let (_, run) = try newRun(path)
    try run.log(keys.map { ($0, 0) }, step: -1)
    taken = try seconds {
      for step in 0..<epochCount {
        try run.log(
          keys.enumerated().map { ($1, Double($0) / Double(step + 1)) }, step: Int64(step))
      }
    }
    figure = Double(epochCount)
  case "plain-epochs":
    do { _ = try newRun(path) }
    taken = plain_epochs(path, 1, epochCount, Int32(metricCount))
    figure = Double(epochCount)
  case "bytes":
    do { _ = try newRun(path) }
    let before = fileSize(path)
    do {
      let run = try Store(path: path).runWriter(id: 1)
      try run.log(series(10_000, from: run.startedAt))
    }
    figure = Double(fileSize(path) - before) / 10_000
  case "make-million":
    let (_, run) = try newRun(path)
    taken = try seconds { try run.log(series(1_000_000, from: run.startedAt)) }
  case "read":
    let store = try Store(path: path, access: .existing)
    taken = try seconds {
      let points = try store.points(run: 1, metric: "cost")
      figure = Double(points.count)
    }
  case "plain-read":
    var sum = 0.0
    taken = plain_read(path, 1, 1_000_000, &sum)
    figure = sum
  case "start-end":
    let (store, run) = try newRun(path)
    try run.finish()
    taken =
      try seconds { for _ in 0..<200 { try store.startRun(RunStart(name: "empty")).finish() } }
      / 200
    figure = 200
  case "append-ten-million":
    let (_, run) = try newRun(path)
    taken = try seconds {
      for batch in 0..<100 {
        try run.log(
          (0..<100_000).map { index in
            (
              "cost",
              MetricPoint(
                step: Int64(batch * 100_000 + index), value: Double(index),
                time: Timestamp(
                  milliseconds: run.startedAt.milliseconds + Int64(batch * 100_000 + index)))
            )
          })
      }
      try run.finish()
    }
    figure = 10_000_000
  case "fill":
    // N runs with 20 parameters and 10 metrics of 100 epochs each.
    let count = Int(words[2])!
    for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    let store = try Store(path: path)
    let environment = RunEnvironment.current(program: "benchmark")
    taken = try seconds {
      for index in 0..<count {
        var parameters: [String: ParameterValue] = [:]
        for parameter in 0..<20 {
          parameters["p\(parameter)"] = .real(Double((index * 31 + parameter) % 97))
        }
        let run = try store.startRun(
          RunStart(name: "run \(index)", parameters: parameters, environment: environment))
        try run.log(
          (0..<10).flatMap { metric in
            (0..<100).map { step in
              (
                "m\(metric)",
                MetricPoint(
                  step: Int64(step), value: Double((index * 7 + step * metric) % 1000),
                  time: run.startedAt)
              )
            }
          })
        try run.finish()
      }
    }
    figure = Double(count)
  case "two-million":
    for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    let store = try Store(path: path)
    for rate in [0.1, 0.2] {
      let run = try store.startRun(RunStart(parameters: ["rate": .real(rate)]))
      try run.log(series(1_000_000, from: run.startedAt))
      try run.finish()
    }
  default:
    print("{\"error\": \"no such task\"}")
  }
  print("{\"seconds\": \(taken), \"figure\": \(figure)}")
  fflush(stdout)
}
