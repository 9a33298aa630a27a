import TrackerStore
import TrackerSystem

/// Measures the machine that a run is made on: shares in per cent, 0…100, of all processors, of the memory and of
/// the disk that the store is on, and the memory of the program in MB.
struct SystemMeter {
  private let interval: Duration
  private let startedAt: Timestamp
  private let process: Int32
  private let path: String
  private var next: ContinuousClock.Instant
  private var processorTimes: (busy: Double, total: Double)?
  private var graphics = GraphicsMeter()

  /// - Parameters:
  ///   - every: seconds between two measurements
  ///   - process: the program's number
  ///   - path: a file on the disk that is meant
  init(every seconds: Double, startedAt: Timestamp, process: Int32, path: String) {
    interval = .seconds(seconds)
    next = .now + interval
    self.startedAt = startedAt
    self.process = process
    self.path = path
    processorTimes = Self.processorTimes()
    graphics.begin()
  }

  /// What is to be logged now, if it is time; the step is the second of the run.
  mutating func measure() -> (step: Int64, values: [(key: String, value: Double)])? {
    guard ContinuousClock.now >= next else { return nil }
    next = .now + interval
    var values: [(key: String, value: Double)] = []
    let times = Self.processorTimes()
    if let times, let before = processorTimes, times.total > before.total {
      let share = (times.busy - before.busy) / (times.total - before.total)
      values.append(("system/cpu", 100 * share))
    }
    processorTimes = times
    if let share = Self.memoryShare() { values.append(("system/memory", 100 * share)) }
    if let share = Self.diskShare(of: path) { values.append(("system/disk", 100 * share)) }
    if let bytes = Self.memory(of: process) {
      values.append(("system/process/memory", bytes / 1e6))
    }
    values += graphics.take()
    graphics.begin()
    let second = (Timestamp.now().milliseconds - startedAt.milliseconds) / 1000
    return values.isEmpty ? nil : (max(0, second), values)
  }

  /// Of all processors since the start: the first line of `/proc/stat` (proc(5)).
  private static func processorTimes() -> (busy: Double, total: Double)? {
    guard let line = text(of: "/proc/stat")?.split(separator: "\n").first, line.hasPrefix("cpu ")
    else { return nil }
    let times = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
    guard times.count >= 5 else { return nil }
    let total = times.reduce(0, +)
    // Idle, and idle while a disk works.
    return (total - times[3] - times[4], total)
  }

  private static func memoryShare() -> Double? {
    var facts: [Substring: Double] = [:]
    for line in text(of: "/proc/meminfo")?.split(separator: "\n") ?? [] {
      let words = line.split(separator: " ")
      if words.count > 1 { facts[words[0]] = Double(words[1]) }
    }
    guard let total = facts["MemTotal:"], let free = facts["MemAvailable:"], total > 0 else {
      return nil
    }
    return 1 - free / total
  }

  private static func diskShare(of path: String) -> Double? {
    var facts = statvfs()
    guard statvfs(path, &facts) == 0, facts.f_blocks > 0 else { return nil }
    return 1 - Double(facts.f_bavail) / Double(facts.f_blocks)
  }

  private static func memory(of process: Int32) -> Double? {
    let words = text(of: "/proc/\(process)/statm")?.split(separator: " ") ?? []
    guard words.count > 1, let pages = Double(words[1]) else { return nil }
    return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
  }

  private static func text(of path: String) -> String? {
    guard let file = try? FileDescriptor(reading: path) else { return nil }
    var bytes = [UInt8](repeating: 0, count: 8192)
    guard let count = try? bytes.withUnsafeMutableBytes({ try file.read(into: $0) }) else {
      return nil
    }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}

/// Asks `nvidia-smi`, where it is there, of each graphics processor. It takes its time, so it is started at one
/// measurement and heard at the next.
struct GraphicsMeter {
  private var isMissing = false
  private var program: Program?
  private var reading: Int32 = -1

  private static let fields = [
    ("utilization.gpu", "utilization"), ("memory.used", "memory"), ("memory.total", ""),
    ("temperature.gpu", "temperature"), ("power.draw", "power"),
  ]

  mutating func begin() {
    guard !isMissing, program == nil, let pipe = try? makePipe() else { return }
    let query = Self.fields.map(\.0).joined(separator: ",")
    program = try? Program(
      ["nvidia-smi", "--query-gpu=\(query)", "--format=csv,noheader,nounits"], input: .null,
      output: .descriptor(pipe.writing), error: .null)
    close(pipe.writing)
    if program == nil {
      close(pipe.reading)
      isMissing = true
    } else {
      reading = pipe.reading
      _ = fcntl(reading, F_SETFL, O_NONBLOCK)
    }
  }

  /// What it said since: `system/gpu.0/utilization` and so on; memory in per cent, temperature in °C, power in W.
  mutating func take() -> [(key: String, value: Double)] {
    guard let program, let ending = program.poll() else { return [] }
    self.program = nil
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = read(reading, &bytes, bytes.count)
    close(reading)
    guard ending == .exited(0), count > 0 else {
      isMissing = true
      return []
    }
    var values: [(key: String, value: Double)] = []
    let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
    for (index, line) in lines.enumerated() {
      let figures = line.split(separator: ",").map { word in
        Double(word.filter { !$0.isWhitespace })
      }
      guard figures.count == Self.fields.count else { continue }
      for (field, figure) in zip(Self.fields, figures) {
        guard !field.1.isEmpty, let figure else { continue }
        var value = figure
        if field.1 == "memory" {
          guard let total = figures[2], total > 0 else { continue }
          value = 100 * figure / total
        }
        values.append(("system/gpu.\(index)/\(field.1)", value))
      }
    }
    return values
  }
}

extension Session {
  /// Logs what the system is like, where a run asked for it and it is time.
  mutating func measureSystem() {
    for run in runs.values where !run.hasEnded {
      guard let (step, values) = run.meter?.measure() else { continue }
      // A gap among measurements of the machine is not a gap in the run.
      if run.writer.trouble == nil { try? run.writer.run.log(values, step: step) }
    }
  }
}
