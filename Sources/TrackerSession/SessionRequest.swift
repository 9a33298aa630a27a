import TrackerJSON
import TrackerStore
import TrackerValues

/// A line of the protocol: `{"request": "log", "number": 7, …}`.
struct SessionRequest {
  /// What is asked for.
  enum Kind: String, CaseIterable {
    case start, resume, log, params, tags, name, note, artifact, check, alert, finish, flush, query
  }

  let kind: Kind
  let number: Int64
  private let members: [JSONValue.Member]

  /// Reads a line with its newline.
  ///
  /// - Throws: ``SessionError``, with the request's number where it has one
  init(_ line: UnsafeBufferPointer<UInt8>) throws(SessionError) {
    let members: [JSONValue.Member]
    do {
      guard case .object(let read) = try JSONValue(parsing: line) else {
        throw SessionError("this is not a JSON object", number: nil)
      }
      members = read
    } catch let error as JSONSyntaxError {
      throw SessionError("this is not a JSON object in one line: \(error)", number: nil)
    } catch { throw SessionError("\(error)", number: nil) }
    self.members = members
    func member(_ key: String) -> JSONValue? { members.first { $0.key == key }?.value }
    guard case .integer(let number)? = member("number") else {
      throw SessionError("the request has no number", number: nil)
    }
    self.number = number
    guard case .string(let name)? = member("request"), let kind = Kind(rawValue: name) else {
      let names = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw SessionError("there is no such request; there are: \(names)", number: number)
    }
    self.kind = kind
  }

  private func member(_ key: String) -> JSONValue? {
    let value = members.first { $0.key == key }?.value
    return value == .null ? nil : value
  }

  func error(_ message: String) -> SessionError { SessionError(message, number: number) }

  // MARK: Members of a kind; one of another kind is an error, an absent one is not

  func text(_ key: String) throws(SessionError) -> String? {
    guard let value = member(key) else { return nil }
    guard case .string(let text) = value else { throw error("\(key) is not text") }
    return text
  }

  func integer(_ key: String) throws(SessionError) -> Int64? {
    guard let value = member(key) else { return nil }
    guard case .integer(let number) = value else { throw error("\(key) is not a whole number") }
    return number
  }

  func number(_ key: String) throws(SessionError) -> Double? {
    guard let value = member(key) else { return nil }
    guard let number = value.asNumber else { throw error("\(key) is not a number") }
    return number
  }

  func boolean(_ key: String) throws(SessionError) -> Bool? {
    guard let value = member(key) else { return nil }
    guard case .boolean(let isTrue) = value else { throw error("\(key) is not true or false") }
    return isTrue
  }

  func object(_ key: String) throws(SessionError) -> [JSONValue.Member]? {
    guard let value = member(key) else { return nil }
    guard case .object(let members) = value else { throw error("\(key) is not an object") }
    return members
  }

  func array(_ key: String) throws(SessionError) -> [JSONValue]? {
    guard let value = member(key) else { return nil }
    guard case .array(let values) = value else { throw error("\(key) is not an array") }
    return values
  }

  func texts(_ key: String) throws(SessionError) -> [String]? {
    guard let values = try array(key) else { return nil }
    var texts: [String] = []
    for value in values {
      guard case .string(let text) = value else {
        throw error("\(key) holds something that is not text")
      }
      texts.append(text)
    }
    return texts
  }

  func time() throws(SessionError) -> Timestamp {
    try integer("time").map(Timestamp.init(milliseconds:)) ?? .now()
  }

  /// A case of an enumeration by its name.
  func name<Name: RawRepresentable<String> & CaseIterable>(
    _ key: String, as _: Name.Type = Name.self
  ) throws(SessionError) -> Name? {
    guard let text = try text(key) else { return nil }
    guard let name = Name(rawValue: text) else {
      let names = Name.allCases.map(\.rawValue).joined(separator: ", ")
      throw error("\(key) cannot be \"\(text)\": it is one of \(names)")
    }
    return name
  }

  /// The parameters in a member: those in nested objects have the names of all, joined by points, and a list is a
  /// text.
  func parameters(_ key: String) throws(SessionError) -> [String: ParameterValue] {
    var parameters: [String: ParameterValue] = [:]
    func add(_ members: [JSONValue.Member], _ prefix: String) {
      for member in members {
        let key = prefix + member.key
        switch member.value {
        case .object(let inner): add(inner, key + ".")
        case .null: parameters[key] = .text("null")
        case .boolean(let value): parameters[key] = .boolean(value)
        case .integer(let value): parameters[key] = .integer(value)
        case .number(let value): parameters[key] = .real(value)
        case .string(let value): parameters[key] = .text(value)
        case .array: parameters[key] = .text(member.value.compact)
        }
      }
    }
    add(try object(key) ?? [], "")
    return parameters
  }
}

extension JSONValue {
  /// A number, also one that is written as a text because JSON has none.
  var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .boolean(let value): value ? 1 : 0
    case .string("NaN"): .nan
    case .string("Infinity"): .infinity
    case .string("-Infinity"): -.infinity
    default: nil
    }
  }
}

/// What is wrong with a request.
struct SessionError: ExplainedError {
  let description: String
  /// The request's, where it could be read.
  let number: Int64?
  var kind: ExplainedErrorKind { .usage }

  init(_ description: String, number: Int64?) {
    self.description = description
    self.number = number
  }
}
