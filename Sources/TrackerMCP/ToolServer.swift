package import TrackerJSON
package import TrackerStore
import TrackerValues

/// Answers what a client of the Model Context Protocol asks: JSON-RPC 2.0, a message a line
/// (https://modelcontextprotocol.io/specification, versions 2024-11-05 to 2025-06-18). Knows no descriptors.
package struct ToolServer {
  /// The protocol's versions that are spoken here, the newest first.
  static let versions = ["2025-06-18", "2025-03-26", "2024-11-05"]

  private let tools: [Tool]
  private let open: () throws -> Store
  private let version: String
  /// The store that was opened, once a tool needed it.
  private var store: Store?

  /// - Parameters:
  ///   - version: of the program
  ///   - writes: whether tools that change the store are offered
  ///   - open: opens the store
  package init(version: String, writes: Bool, open: @escaping () throws -> Store) {
    self.version = version
    self.open = open
    tools = Tool.reading + (writes ? Tool.writing : [])
  }

  /// The answer to a line; `nil` where none is wanted.
  package mutating func answer(_ line: some Sequence<UInt8>) -> JSONValue? {
    let message: JSONValue
    do { message = try JSONValue(parsing: line) } catch {
      return Self.failure(.null, -32700, "this is not JSON: \(error)")
    }
    guard case .array(let messages) = message else { return answer(message) }
    guard !messages.isEmpty else { return Self.failure(.null, -32600, "the batch is empty") }
    let answers = messages.compactMap { answer($0) }
    return answers.isEmpty ? nil : .array(answers)
  }

  /// What to say of a line that is longer than any may be.
  package static let tooLong = failure(.null, -32600, "the message is too long")

  private mutating func answer(_ message: JSONValue) -> JSONValue? {
    guard case .object = message, case .string(let method)? = message["method"] else {
      // An answer to a question that was never asked is passed over.
      if message["result"] != nil || message["error"] != nil { return nil }
      return Self.failure(Self.number(of: message), -32600, "the message has no method")
    }
    // What has no number wants no answer.
    guard message["id"] != nil else { return nil }
    let number = Self.number(of: message)
    let parameters = message["params"] ?? .null
    switch method {
    case "initialize": return Self.success(number, greeting(parameters))
    case "ping": return Self.success(number, .object([:] as KeyValuePairs))
    case "tools/list":
      return Self.success(number, .object(["tools": .array(tools.map(\.json))]))
    case "tools/call":
      guard case .string(let name)? = parameters["name"],
        let tool = tools.first(where: { $0.name == name })
      else { return Self.failure(number, -32602, noSuchTool(parameters["name"])) }
      return Self.success(number, call(tool, parameters["arguments"] ?? .null))
    default: return Self.failure(number, -32601, "there is no method \(Self.short(method))")
    }
  }

  private func noSuchTool(_ name: JSONValue?) -> String {
    let known = "there are: " + tools.map(\.name).joined(separator: ", ")
    guard case .string(let name)? = name else { return "the call names no tool; \(known)" }
    if Tool.writing.contains(where: { $0.name == name }) {
      return "\(name) writes: start tracker mcp with --write to offer it; \(known)"
    }
    return "there is no tool \(Self.short(name)); \(known)"
  }

  /// A name that is told back.
  private static func short(_ name: String) -> String {
    name.utf8.count > 100 ? "\(name.prefix(50))…" : name
  }

  /// Numbers and texts name a message; nothing else does.
  private static func number(of message: JSONValue) -> JSONValue {
    switch message["id"] {
    case .string(let text)?: .string(text)
    case .integer(let value)?: .integer(value)
    case .number(let value)? where value.isFinite: .number(value)
    default: .null
    }
  }

  private func greeting(_ parameters: JSONValue) -> JSONValue {
    var spoken = Self.versions[0]
    if case .string(let asked)? = parameters["protocolVersion"], Self.versions.contains(asked) {
      spoken = asked
    }
    return .object([
      "protocolVersion": .string(spoken),
      "capabilities": .object(["tools": .object([:] as KeyValuePairs)]),
      "serverInfo": .object(["name": .string("tracker"), "version": .string(version)]),
      "instructions": .string(
        """
        Experiments that tracker recorded: runs with parameters, metrics over steps, gradient checks, tags and notes. \
        A run is named by its number, latest, latest~1, a unique name, or best:METRIC. Begin with list_runs; \
        compare_runs says what differs and which is better; diagnose_run names the likely cause of a bad training.
        """),
    ])
  }

  /// A tool's own failure is its result, which the model reads; the message itself was right.
  private mutating func call(_ tool: Tool, _ arguments: JSONValue) -> JSONValue {
    do {
      try tool.check(arguments)
      let store = try self.store ?? open()
      self.store = store
      try store.markCrashedRuns()
      return Self.result(try tool.run(ToolCall(arguments: arguments, store: store)).text)
    } catch let error as any ExplainedError {
      return Self.result(
        [error.description, error.advice].compactMap { $0 }.joined(separator: "\n"),
        isError: true)
    } catch { return Self.result("\(error)", isError: true) }
  }

  private static func result(_ text: String, isError: Bool = false) -> JSONValue {
    .object([
      "content": .array([.object(["type": .string("text"), "text": .string(text)])]),
      "isError": .boolean(isError),
    ])
  }

  private static func success(_ number: JSONValue, _ result: JSONValue) -> JSONValue {
    .object(["jsonrpc": .string("2.0"), "id": number, "result": result])
  }

  private static func failure(_ number: JSONValue, _ code: Int, _ message: String) -> JSONValue {
    .object([
      "jsonrpc": .string("2.0"), "id": number,
      "error": .object(["code": .integer(code), "message": .string(message)]),
    ])
  }
}

extension JSONValue {
  /// The value as a model reads it: compact, and no longer than it can use.
  fileprivate var text: String {
    let text = compact
    let limit = 200_000
    guard text.utf8.count > limit else { return text }
    return String(text.prefix(limit))
      + "\n… cut off: ask for less, with limit, where or a query of your own"
  }
}
