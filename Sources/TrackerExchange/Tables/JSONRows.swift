import TrackerJSON
import TrackerStore

extension TableRows {
  /// Takes a row that is a JSON object. It may have other members than the row before it: each says for itself what it is.
  mutating func take(_ object: [JSONValue.Member], stepKey: String?) throws(ForeignError) {
    let members = object.flatMap { Self.flat($0.value, key: $0.key) }
    let names = members.map(\.key)
    let stepKey = stepKey.flatMap { names.contains($0) ? $0 : nil }
    take(members, try TableColumns(names, stepKey: stepKey, path: path))
  }

  private mutating func take(
    _ members: [(key: String, value: JSONValue)], _ columns: TableColumns
  ) {
    var values: [(key: String, value: Double)] = []
    func add(_ value: JSONValue, _ key: String) {
      if let number = ForeignValue.number(value) {
        values.append((key, number))
      } else if value != .null {
        leaveOut("values of \(key), which are not numbers")
      }
    }
    if let long = columns.long, let key = members[long.key].value.plainText {
      add(members[long.value].value, key)
    } else {
      for (index, member) in members.enumerated() where !columns.isPlace(index) {
        add(member.value, member.key)
      }
    }
    let step = columns.step.flatMap { index -> Int64? in
      if let whole = ForeignValue.whole(members[index].value) { return whole }
      if let number = ForeignValue.number(members[index].value) {
        values.append((members[index].key, number))
      }
      return nil
    }
    let time = columns.time.flatMap { index -> Timestamp? in
      let value = members[index].value
      guard let number = ForeignValue.number(value) else {
        return value.plainText.flatMap { ForeignValue.time($0) }
      }
      if let moment = TableColumns.moment(number) { return moment }
      values.append((members[index].key, number))
      return nil
    }
    take(
      values, run: columns.run.flatMap { members[$0].value.plainText }, step: step, time: time)
  }

  /// `{"a": {"b": 1}}` is `a.b`.
  private static func flat(_ value: JSONValue, key: String) -> [(key: String, value: JSONValue)] {
    guard case .object(let members) = value else { return [(key, value)] }
    return members.flatMap { flat($0.value, key: "\(key).\($0.key)") }
  }
}
