import ArgumentParser
import TrackerViews
import TrackerStore

struct QueryCommand: TrackerSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Query the store in SQL, read-only.",
    discussion: """
      The views are runs, parameters, tags, metrics, metric_points, gradient_checks, \
      gradient_check_blocks and artifacts. SELECT * FROM runs LIMIT 1 shows the columns of a view.

      EXAMPLES
        tracker query "SELECT id, name, status FROM runs"
        tracker query "SELECT run_id, min FROM metrics WHERE key = 'cost'"
      """)

  @Argument(help: "One SELECT statement.")
  var sql: String
  @Option(help: "End the query after this many seconds.")
  var timeout = 60.0
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: ReadingOptions

  func validate() throws {
    guard timeout > 0, timeout <= 1e9 else {
      throw ValidationError("--timeout is a number of seconds above 0, not \(timeout)")
    }
  }

  func run(in context: CommandContext) throws {
    let result = try store.open(in: context).query(sql, timeout: .seconds(timeout))
    output.show(QueryView(result), in: context)
  }
}
