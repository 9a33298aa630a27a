import TestSupport
import Testing
import TrackerJSON
import TrackerStore

@testable import TrackerMCP

/// A message in, an answer out: the protocol, whoever speaks it.
@Suite("Messages to the tools' server")
struct ToolServerTests {
  /// The answer of a server whose store nobody may open.
  private func answer(_ line: String, writes: Bool = false) -> JSONValue? {
    var server = ToolServer(version: "1.2", writes: writes) {
      throw StoreError(.notFound, "there is no store here")
    }
    return server.answer(line.utf8)
  }

  private func code(_ line: String) -> JSONValue? { answer(line)?["error"]?["code"] }

  private func message(_ line: String, writes: Bool = false) -> String {
    guard case .string(let text)? = answer(line, writes: writes)?["error"]?["message"] else {
      return ""
    }
    return text
  }

  @Test("the greeting says what is spoken: what the client asked for, or the newest")
  func greeting() {
    func spoken(_ version: String) -> JSONValue? {
      answer(
        #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":\#(version)}}"#)?[
          "result"]?["protocolVersion"]
    }
    for version in ToolServer.versions { #expect(spoken("\"\(version)\"") == .string(version)) }
    for other in ["\"1999-01-01\"", "7", "null", "{}"] {
      #expect(spoken(other) == .string(ToolServer.versions[0]))
    }
    let result = answer(#"{"id":"a","method":"initialize"}"#)?["result"]
    #expect(result?["serverInfo"]?["version"] == .string("1.2"))
    #expect(result?["capabilities"]?["tools"] == .object([:] as KeyValuePairs))
  }

  @Test("an answer has the number of its message, a text or a number")
  func numbers() {
    for id in ["1", "-7", "\"x\"", "\"\"", "1.5", "9007199254740993"] {
      #expect(
        answer(#"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#)?.compact
          == #"{"jsonrpc":"2.0","id":\#(id),"result":{}}"#)
    }
    for id in ["[]", "{}", "true", "null"] {
      #expect(answer(#"{"id":\#(id),"method":"ping"}"#)?["id"] == .null)
    }
  }

  @Test("what wants no answer gets none: notifications, and answers to what was never asked")
  func silence() {
    for line in [
      #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
      #"{"method":"notifications/cancelled","params":{"requestId":1}}"#,
      #"{"method":"tools/call","params":{"name":"none"}}"#, #"{"method":"no/such/method"}"#,
      #"{"id":1,"result":{}}"#, #"{"id":1,"error":{"code":1}}"#,
      #"[{"method":"notifications/initialized"},{"id":1,"result":{}}]"#,
    ] { #expect(answer(line) == nil, "\(line)") }
  }

  @Test("a batch is answered by a list, in its order, without what wants no answer")
  func batch() {
    let all = answer(
      #"[{"id":1,"method":"ping"},{"method":"x"},{"id":2,"method":"x"},7,{"id":3,"method":"ping"}]"#
    )
    guard case .array(let answers)? = all else {
      Issue.record("no list: \(String(describing: all))")
      return
    }
    #expect(answers.map { $0["id"] } == [.integer(1), .integer(2), .null, .integer(3)])
    #expect(answers.map { $0["result"] != nil } == [true, false, false, true])
    #expect(code("[]") == .integer(-32600))
    #expect(answer("[1,[],{}]").map(\.compact)?.contains("-32600") == true)
  }

  @Test("what is no message is told so, by the code of JSON-RPC")
  func nonsense() {
    for line in [
      "", "{", "nonsense", "{\"id\":1,}", "\u{0}", "[1,2", #"{"id":1,"method":"ping"} x"#,
      String(repeating: "[", count: 300_000),
      String(repeating: #"{"a":"#, count: 100_000),
    ] { #expect(code(line) == .integer(-32700), "\(line.prefix(30))") }
    for line in ["7", "null", "\"ping\"", "{}", #"{"id":1}"#, #"{"id":1,"method":3}"#] {
      #expect(code(line) == .integer(-32600), "\(line)")
    }
    var server = ToolServer(version: "", writes: false) { throw StoreError(.notFound, "") }
    #expect(server.answer([0xFF, 0xFE, 0x00])?["error"]?["code"] == .integer(-32700))
  }

  @Test("a method that is not there is named, and so are the tools where one is not there")
  func unknown() {
    let line = #"{"id":1,"method":"resources/list"}"#
    #expect(code(line) == .integer(-32601))
    #expect(message(line) == "there is no method resources/list")
    func call(_ name: String) -> String {
      #"{"id":1,"method":"tools/call","params":{"name":\#(name)}}"#
    }
    #expect(code(call("\"list_run\"")) == .integer(-32602))
    let told = message(call("\"list_run\""))
    #expect(told.hasPrefix("there is no tool list_run; there are: list_runs, list_experiments,"))
    #expect(!told.contains("tag_runs"))
    #expect(message(call("\"list_run\""), writes: true).contains("tag_runs"))
    for name in ["7", "null", "[]"] {
      #expect(message(call(name)).hasPrefix("the call names no tool; there are: list_runs"))
    }
    #expect(code(#"{"id":1,"method":"tools/call","params":[]}"#) == .integer(-32602))
    // What only --write offers is told so.
    #expect(message(call("\"tag_runs\"")).contains("--write"))
  }

  @Test("a long name is not told back in full")
  func longNames() throws {
    let name = String(repeating: "n", count: 100_000)
    #expect(message(#"{"id":1,"method":"\#(name)"}"#).utf8.count < 1000)
    #expect(
      message(#"{"id":1,"method":"tools/call","params":{"name":"\#(name)"}}"#).utf8.count < 1000)
  }

  @Test(
    "tools are listed with a schema of their arguments, and writing ones only where they are offered"
  )
  func list() {
    func tools(writes: Bool) -> [JSONValue] {
      guard
        case .array(let tools)? = answer(#"{"id":1,"method":"tools/list"}"#, writes: writes)?[
          "result"]?["tools"]
      else { return [] }
      return tools
    }
    let reading = tools(writes: false)
    #expect(
      reading.compactMap { $0["name"] }
        == [
          "list_runs", "list_experiments", "show_run", "compare_runs", "diagnose_run",
          "metric_history", "query",
        ].map(JSONValue.string))
    #expect(reading.allSatisfy { $0["annotations"]?["readOnlyHint"] == .boolean(true) })
    let all = tools(writes: true)
    #expect(Array(all.prefix(reading.count)) == reading)
    #expect(
      all.dropFirst(reading.count).compactMap { $0["name"] }
        == [
          "note_runs", "tag_runs", "rename_run", "archive_runs", "restore_runs", "move_runs",
        ].map(JSONValue.string))
    for tool in all {
      let schema = tool["inputSchema"]
      #expect(schema?["type"] == .string("object"))
      guard case .array(let required)? = schema?["required"] else {
        Issue.record("no list of what is required")
        continue
      }
      for case .string(let name) in required { #expect(schema?["properties"]?[name] != nil) }
      #expect(tool["annotations"]?["destructiveHint"] == .boolean(false))
    }
  }

  @Test("a store that cannot be opened is told to the model, and the next call tries again")
  func noStore() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("t.sqlite")
    var isThere = false
    var server = ToolServer(version: "", writes: false) {
      guard isThere else { throw StoreError(.notFound, "there is no store at t.sqlite") }
      return try Store(path: path)
    }
    let line = #"{"id":1,"method":"tools/call","params":{"name":"list_runs"}}"#.utf8
    let refused = server.answer(line)?["result"]
    #expect(refused?["isError"] == .boolean(true))
    #expect(refused?.compact.contains("there is no store at t.sqlite") == true)
    isThere = true
    #expect(server.answer(line)?["result"]?["isError"] == .boolean(false))
  }
}
