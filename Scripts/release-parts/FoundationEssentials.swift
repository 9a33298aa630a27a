// A module of the name FoundationEssentials, for the released program alone (see Scripts/release).
//
// All that the program takes from Foundation is one JSON encoder, which swift-argument-parser calls when
// `tracker man` asks for the commands' descriptions. The toolchain's library is 5 MB of the program for it.
// Here is what the parser's file Utilities/Foundation.swift names, and no more: where a later parser names
// more, the release does not compile, and says what is missing.

/// An error with a description for people.
public protocol LocalizedError: Error {
  /// The description.
  var errorDescription: String? { get }
}

/// An encoded text.
public struct Data {
  fileprivate let text: String
}

extension String {
  /// The encodings of texts that are known here.
  public enum Encoding {
    /// UTF-8.
    case utf8
  }

  /// The text of encoded data.
  public init?(data: Data, encoding: Encoding) { self = data.text }
}

/// Writes values as JSON in one line, with the keys in the order in which they are encoded.
public final class JSONEncoder {
  /// How the text is laid out. No reader depends on it: nothing is done about it here.
  public struct OutputFormatting: OptionSet, Sendable {
    /// Over several lines.
    public static let prettyPrinted = OutputFormatting(rawValue: 1)
    /// Keys in their alphabet's order.
    public static let sortedKeys = OutputFormatting(rawValue: 2)
    /// The options as bits.
    public let rawValue: UInt
    /// The options of these bits.
    public init(rawValue: UInt) { self.rawValue = rawValue }
  }

  /// How the text is laid out.
  public var outputFormatting: OutputFormatting = []

  /// An encoder.
  public init() {}

  /// The value as JSON.
  public func encode(_ value: some Encodable) throws -> Data {
    Data(text: try Node(value, at: []).text)
  }
}

/// A value of a document that grows.
private final class Node {
  enum Content {
    case scalar(String)
    case array([Node])
    case object([(key: String, value: Node)])
  }

  var content = Content.object([])
  let path: [any CodingKey]

  init(at path: [any CodingKey]) { self.path = path }

  convenience init(_ value: some Encodable, at path: [any CodingKey]) throws {
    self.init(at: path)
    if let text = value as? String {
      content = .scalar(text.quoted)
    } else if let answer = value as? Bool {
      content = .scalar(answer ? "true" : "false")
    } else if let number = value as? any BinaryInteger & CustomStringConvertible {
      content = .scalar(number.description)
    } else if let number = value as? any BinaryFloatingPoint & CustomStringConvertible {
      content = .scalar(number.description)
    } else {
      try value.encode(to: self)
    }
  }

  func append(_ node: Node) {
    var elements: [Node] = []
    if case .array(let before) = content { elements = before }
    content = .array(elements + [node])
  }

  func append(_ node: Node, key: String) {
    var members: [(key: String, value: Node)] = []
    if case .object(let before) = content { members = before }
    content = .object(members + [(key, node)])
  }

  var count: Int {
    if case .array(let elements) = content { elements.count } else { 0 }
  }

  var text: String {
    switch content {
    case .scalar(let text): text
    case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { $0.key.quoted + ":" + $0.value.text }.joined(separator: ",") + "}"
    }
  }
}

extension Node: Encoder {
  var codingPath: [any CodingKey] { path }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(Members<Key>(node: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    content = .array([])
    return Elements(node: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { Single(node: self) }
}

private struct Members<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: Node
  var codingPath: [any CodingKey] { node.path }

  func add(_ key: Key) -> Node {
    let added = Node(at: node.path + [key])
    node.append(added, key: key.stringValue)
    return added
  }

  mutating func encodeNil(forKey key: Key) { add(key).content = .scalar("null") }
  mutating func encode(_ value: some Encodable, forKey key: Key) throws {
    node.append(try Node(value, at: node.path + [key]), key: key.stringValue)
  }
  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key)
    -> KeyedEncodingContainer<Nested>
  {
    add(key).container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    add(key).unkeyedContainer()
  }
  mutating func superEncoder() -> any Encoder { node }
  mutating func superEncoder(forKey key: Key) -> any Encoder { add(key) }
}

private struct Elements: UnkeyedEncodingContainer {
  let node: Node
  var codingPath: [any CodingKey] { node.path }
  var count: Int { node.count }

  func add() -> Node {
    let added = Node(at: node.path)
    node.append(added)
    return added
  }

  mutating func encodeNil() { add().content = .scalar("null") }
  mutating func encode(_ value: some Encodable) throws {
    node.append(try Node(value, at: node.path))
  }
  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type)
    -> KeyedEncodingContainer<Nested>
  {
    add().container(keyedBy: type)
  }
  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    add().unkeyedContainer()
  }
  mutating func superEncoder() -> any Encoder { add() }
}

private struct Single: SingleValueEncodingContainer {
  let node: Node
  var codingPath: [any CodingKey] { node.path }

  mutating func encodeNil() { node.content = .scalar("null") }
  mutating func encode(_ value: some Encodable) throws {
    node.content = try Node(value, at: node.path).content
  }
}

extension String {
  /// The text as JSON has it.
  fileprivate var quoted: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"", "\\": text += "\\\(scalar)"
      case "\n": text += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
