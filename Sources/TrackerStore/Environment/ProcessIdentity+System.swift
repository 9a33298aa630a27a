import TrackerSystem

/// What a look at the system says of a process that was once recorded.
enum ProcessState: Hashable, Sendable {
  /// It is there.
  case alive
  /// It is gone.
  case gone
  /// It cannot be seen from here: another machine, or another pid namespace.
  case unknown
}

extension ProcessIdentity {
  /// This process.
  package static func current() -> ProcessIdentity { identity(of: getpid()) }

  /// The process of this number on this machine, or `nil` if there is none.
  package static func running(pid: Int32) -> ProcessIdentity? {
    guard pid > 0, kill(pid, 0) == 0 || errno == EPERM else { return nil }
    return identity(of: pid)
  }

  /// No process at all: for a run that is written command by command, and ends when it is told to.
  public static let none = ProcessIdentity(
    pid: 0, startTime: nil, bootID: nil, pidNamespace: nil)

  private static func identity(of pid: Int32) -> ProcessIdentity {
    ProcessIdentity(
      pid: pid, startTime: startTime(of: pid), bootID: SystemFacts.bootID,
      pidNamespace: SystemFacts.pidNamespace, machineID: SystemFacts.machineID)
  }

  /// Whether the process still is there, seen from this one.
  ///
  /// A number alone is not proof of life, for it is given to others later: the start time must agree. A
  /// process of an earlier boot of this machine is gone; one of another machine or pid namespace
  /// cannot be judged, and is not. A suspended process is there. Neither the wall clock nor the time
  /// since the last record plays a part.
  func state(host: String) -> ProcessState {
    guard pid > 0 else { return .unknown }
    guard host == SystemFacts.host, machineID == SystemFacts.machineID else { return .unknown }
    if let bootID, let current = SystemFacts.bootID, bootID != current {
      return machineID == nil ? .unknown : .gone
    }
    guard pidNamespace == SystemFacts.pidNamespace else { return .unknown }
    guard kill(pid, 0) == 0 || errno == EPERM else { return .gone }
    guard let startTime, let current = Self.startTime(of: pid) else { return .alive }
    return startTime == current ? .alive : .gone
  }

  /// Whether it belongs to the kernel that runs now, be it in a container or not.
  var isOfThisBoot: Bool { bootID != nil && bootID == SystemFacts.bootID }

  /// Whether the process is there, or cannot be seen from here.
  package var isAlive: Bool { state(host: SystemFacts.host) != .gone }

  /// When the process of this number started; `nil` if there is none or the system does not tell.
  private static func startTime(of pid: pid_t) -> Int64? {
    #if os(Linux)
      // The name, in parentheses, may hold anything: fields are counted from behind it. The 22nd is
      // the start, in clock ticks since boot (proc(5)); a zombie ("Z", the 3rd) has ended.
      guard let text = SystemFacts.text(of: "/proc/\(pid)/stat"),
        let end = text.lastIndex(of: ")")
      else { return nil }
      let fields = text[text.index(after: end)...].split(separator: " ")
      guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return -1 }
      return Int64(fields[19])
    #else
      var information = proc_bsdinfo()
      let size = Int32(MemoryLayout<proc_bsdinfo>.size)
      guard proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &information, size) == size else { return nil }
      return Int64(information.pbi_start_tvsec) * 1_000_000 + Int64(information.pbi_start_tvusec)
    #endif
  }
}

/// What does not change while the program runs.
enum SystemFacts {
  /// The machine's name.
  static let host: String = {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 257) { buffer in
      buffer.initialize(repeating: 0)
      guard gethostname(buffer.baseAddress!, 256) == 0 else { return "" }
      return String(cString: buffer.baseAddress!)
    }
  }()

  /// The user's name.
  static let user: String = {
    if let entry = getpwuid(getuid()), let name = entry.pointee.pw_name {
      return String(cString: name)
    }
    return "\(getuid())"
  }()

  static let bootID = firstLine(of: "/proc/sys/kernel/random/boot_id")
  static let machineID = firstLine(of: "/etc/machine-id")

  static let pidNamespace: String? = {
    var buffer = [CChar](repeating: 0, count: 64)
    let count = readlink("/proc/self/ns/pid", &buffer, buffer.count - 1)
    return count > 0
      ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
  }()

  static func firstLine(of path: String) -> String? {
    let line = text(of: path)?.split(separator: "\n").first.map(String.init)
    return line?.isEmpty == false ? line : nil
  }

  /// The content of a small file of the system's.
  static func text(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &buffer, buffer.count)
    return count >= 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}
