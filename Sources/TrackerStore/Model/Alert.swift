/// How grave an alert is.
public enum AlertLevel: String, Hashable, Sendable, CaseIterable {
  /// Something to know.
  case info
  /// Something to look at.
  case warning
  /// Something that makes going on useless.
  case error
}

/// What was noticed while a run went on: by a condition, a rule, or whoever wrote it down.
public struct Alert: Hashable, Sendable {
  /// What it is about, in a few words; alerts with the same title are of the same kind.
  public var title: String
  /// What was seen.
  public var text: String
  /// How grave it is.
  public var level: AlertLevel
  /// The step at which it was noticed, if any.
  public var step: Int64?
  /// When.
  public var time: Timestamp

  /// An alert; by default a warning of now.
  public init(
    title: String, text: String = "", level: AlertLevel = .warning, step: Int64? = nil,
    time: Timestamp = .now()
  ) {
    self.title = title
    self.text = text
    self.level = level
    self.step = step
    self.time = time
  }
}
