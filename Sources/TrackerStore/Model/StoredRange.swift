import TrackerSQLite

/// What the numbers of a store can be, in one place: an import refuses others, `doctor` reports them, and a reader takes the
/// nearest, so that no arithmetic on what is read overflows.
enum StoredRange {
  /// The years 1 to 9999, in milliseconds since 1970.
  static let moments: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999
  /// From a run's start: as long as all of that, either way.
  static let spans: ClosedRange<Int64> = -315_537_897_599_999...315_537_897_599_999
  /// The rows or columns of a layer, and places in it: the sum of two thousand products of two of them is an `Int64` still.
  static let sizes: ClosedRange<Int64> = 0...(1 << 26)
  /// A number of things; each is a `Double`, and the sum of many an `Int64`.
  static let counts: ClosedRange<Int64> = 0...(1 << 53)
  static let ids: ClosedRange<Int64> = 1...(1 << 62)
  static let processes: ClosedRange<Int64> = 0...Int64(Int32.max)

  /// The range of a column of integers; `nil` for what may be any integer, such as a step.
  static func range(ofColumn name: String, table: String) -> ClosedRange<Int64>? {
    switch name {
    case "row_count" where table == "dataset": counts
    case "id", "run_id", "series_id", "experiment_id", "dataset_id", "check_id", "sweep_id",
      "blob_id", "analytic_blob_id", "numerical_blob_id", "parameters_blob_id",
      "second_numerical_blob_id", "model_id":
      ids
    case "time": moments
    case "elapsed": spans
    case "pid": processes
    case "row_count", "column_count", "feature_count", "class_count", "row", "column", "worst_row",
      "worst_column", "position", "number", "trial_count", "least_epochs":
      sizes
    case "point_count", "checked_count", "failed_count", "nth", "example_count": counts
    default: name.hasSuffix("_at") ? moments : nil
    }
  }
}

/// What the values of a column can be, beyond what SQLite holds them to.
struct ColumnRule {
  private enum Kind {
    case anything
    case integers(ClosedRange<Int64>)
    /// A column of type ANY, which holds numbers, and NULL for NaN.
    case numbers
    /// A value of the kind that its row names.
    case parameter
  }

  private let column: String
  private let kind: Kind

  init(column: String, table: String) {
    self.column = column
    kind =
      switch (table, column) {
      case ("metric_point", "value"), ("metric_series", "first_value"),
        ("metric_series", "last_value"), ("metric_series", "min_value"),
        ("metric_series", "max_value"), ("logged_model_metric", "value"):
        .numbers
      case ("parameter", "value"): .parameter
      default: StoredRange.range(ofColumn: column, table: table).map(Kind.integers) ?? .anything
      }
  }

  /// What is wrong with a value; `nil` if nothing is.
  ///
  /// - Parameter kind: of a parameter's value
  func problem(_ value: SQLiteValue, kind: String?) -> String? {
    switch (self.kind, value) {
    case (.anything, _): nil
    case (.integers(let range), .integer(let number)):
      range.contains(number)
        ? nil
        : "\(column) is \(number), and goes from \(range.lowerBound) to \(range.upperBound)"
    case (.integers, _): nil
    case (.numbers, .integer), (.numbers, .real), (.numbers, .null): nil
    case (.numbers, _): "\(column) is not a number"
    case (.parameter, _):
      switch (kind, value) {
      case ("text", .text), ("integer", .integer), ("real", .real), ("real", .null),
        ("boolean", .integer(0)), ("boolean", .integer(1)):
        nil
      default: "the value is not of the kind \(kind ?? "that is missing")"
      }
    }
  }
}

extension Statement {
  /// A column as an integer of this range: the nearest to what is stored; the least for NULL.
  borrowing func integer(_ column: Int, in range: ClosedRange<Int64>) -> Int64 {
    min(max(integer(column), range.lowerBound), range.upperBound)
  }

  /// A moment; that of 1970 for NULL.
  borrowing func moment(_ column: Int) -> Timestamp {
    Timestamp(milliseconds: integer(column, in: StoredRange.moments))
  }

  /// A moment, or `nil` for NULL.
  borrowing func optionalMoment(_ column: Int) -> Timestamp? {
    isNull(column) ? nil : moment(column)
  }

  /// A number of things.
  borrowing func count(_ column: Int) -> Int { Int(integer(column, in: StoredRange.counts)) }

  /// An extent of something with rows and columns, or a place in it.
  borrowing func size(_ column: Int) -> Int { Int(integer(column, in: StoredRange.sizes)) }
}
