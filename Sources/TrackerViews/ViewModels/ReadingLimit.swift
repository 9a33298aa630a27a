/// How much of one kind a page for people holds: what goes beyond is counted, and how to see it is said. Programs get
/// all of it.
enum ReadingLimit {
  /// Metrics in one table.
  static let metrics = 200
  /// Names in one sentence.
  static let names = 30
}
