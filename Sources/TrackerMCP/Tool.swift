import TrackerJSON
import TrackerStore
import TrackerValues

/// Something that a client can ask for.
struct Tool {
  /// An argument, with its place in the schema (JSON Schema).
  struct Argument {
    enum Kind: String { case text = "string", whole = "integer", truth = "boolean", texts, tags }
    let name: String
    let kind: Kind
    let description: String
    var isRequired = false

    var schema: JSONValue {
      switch kind {
      case .texts:
        .object([
          "type": .string("array"), "items": .object(["type": .string("string")]),
          "description": .string(description),
        ])
      case .tags:
        .object([
          "type": .string("object"),
          "additionalProperties": .object(["type": .string("string")]),
          "description": .string(description),
        ])
      default:
        .object(["type": .string(kind.rawValue), "description": .string(description)])
      }
    }
  }

  let name: String
  let description: String
  let arguments: [Argument]
  var writes = false
  let run: (ToolCall) throws -> JSONValue

  var json: JSONValue {
    .object([
      "name": .string(name), "description": .string(description),
      "inputSchema": .object([
        "type": .string("object"),
        "properties": .object(arguments.map { .init(key: $0.name, value: $0.schema) }),
        "required": .array(arguments.filter(\.isRequired).map { .string($0.name) }),
      ]),
      "annotations": .object([
        "readOnlyHint": .boolean(!writes), "destructiveHint": .boolean(false),
        "openWorldHint": .boolean(false),
      ]),
    ])
  }
}

extension Tool {
  /// A name that a model made up is told: to pass it over would answer another question.
  ///
  /// - Throws: ``ToolError``
  func check(_ given: JSONValue) throws {
    if given == .null { return }
    guard case .object(let members) = given else {
      throw ToolError("the arguments are not an object")
    }
    let known = arguments.map(\.name)
    for member in members where !known.contains(member.key) {
      let meant = nearest(member.key, to: known).map { "; did you mean \($0)?" } ?? ""
      throw ToolError("\(name) has no argument \(member.key.prefix(100))\(meant)")
    }
  }
}

/// What a tool is called with.
struct ToolCall {
  let arguments: JSONValue
  let store: Store

  func text(_ name: String) throws -> String? {
    switch arguments[name] {
    case nil, .null?: nil
    case .string(let text)?: text
    // Models write the number of a run as a number.
    case .integer(let number)?: "\(number)"
    default: throw ToolError("\(name) is not a text")
    }
  }

  func required(_ name: String) throws -> String {
    guard let text = try text(name), !text.isEmpty else { throw ToolError("\(name) is missing") }
    return text
  }

  /// A count from 1 to a limit.
  func count(_ name: String, default value: Int, most: Int) throws -> Int {
    switch arguments[name] {
    case nil, .null?: return value
    case .integer(let number)? where number >= 1: return Int(min(number, Int64(most)))
    default: throw ToolError("\(name) is not a count")
    }
  }

  func flag(_ name: String) throws -> Bool {
    switch arguments[name] {
    case nil, .null?: false
    case .boolean(let value)?: value
    default: throw ToolError("\(name) is neither true nor false")
    }
  }

  func texts(_ name: String) throws -> [String] {
    switch arguments[name] {
    case nil, .null?: return []
    case .array(let values)?:
      return try values.map { value in
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        default: throw ToolError("\(name) is not a list of texts")
        }
      }
    default: throw ToolError("\(name) is not a list of texts")
    }
  }

  func tags(_ name: String) throws -> [String: String] {
    switch arguments[name] {
    case nil, .null?: return [:]
    case .object(let members)?:
      return try members.reduce(into: [:]) { tags, member in
        guard case .string(let text) = member.value else {
          throw ToolError("\(name): \(member.key) is not a text")
        }
        tags[member.key] = text
      }
    default: throw ToolError("\(name) is not an object")
    }
  }

  /// The run that an argument names.
  func run(_ name: String = "run") throws -> Run {
    try store.run(id: store.runID(required(name)))
  }

  /// The numbers of the runs that an argument names.
  func ids(_ name: String = "runs") throws -> [Int64] {
    let ids = try texts(name).map(store.runID)
    guard !ids.isEmpty else { throw ToolError("\(name) names no run") }
    return ids
  }
}

/// A call that cannot be understood.
struct ToolError: ExplainedError {
  let description: String
  init(_ description: String) { self.description = description }
  var advice: String? { "See the tool's inputSchema." }
  var kind: ExplainedErrorKind { .usage }
}
