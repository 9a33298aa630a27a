import TrackerStore

/// The settings that TensorBoard's hparams plugin keeps with a session
/// (`tensorboard/plugins/hparams/plugin_data.proto` and `api.proto`).
enum HyperParameters {
  /// What a session says.
  struct Session {
    var parameters: [String: ParameterValue] = [:]
    var groupName: String?
    var status: RunStatus?
    var endedAt: Timestamp?
  }

  /// Reads the plugin's bytes of a value of the tag `_hparams_/session_start_info` or `…/session_end_info`.
  static func read(_ bytes: UnsafeRawBufferPointer, into session: inout Session) {
    for (field, value) in ProtobufMessage(bytes) {
      guard let message = value.message else { continue }
      if field == 3 { readStart(message, into: &session) }
      if field == 4 { readEnd(message, into: &session) }
    }
  }

  private static func readStart(_ message: ProtobufMessage, into session: inout Session) {
    for (field, value) in message {
      if field == 1, let entry = value.message {
        var key = ""
        var parameter: ParameterValue?
        for (field, value) in entry {
          if field == 1 { key = value.text ?? "" }
          if field == 2, let message = value.message { parameter = self.parameter(message) }
        }
        if let parameter, !key.isEmpty { session.parameters[key] = parameter }
      }
      if field == 4 { session.groupName = value.text }
    }
  }

  /// `STATUS_SUCCESS` is 1, `STATUS_FAILURE` 2, `STATUS_RUNNING` 3.
  private static func readEnd(_ message: ProtobufMessage, into session: inout Session) {
    for (field, value) in message {
      if field == 1 {
        session.status = value.integer == 1 ? .finished : value.integer == 2 ? .failed : .running
      }
      if field == 2, let seconds = value.double {
        session.endedAt = ForeignValue.time(seconds: seconds)
      }
    }
  }

  /// A `google.protobuf.Value`.
  private static func parameter(_ message: ProtobufMessage) -> ParameterValue? {
    for (field, value) in message {
      switch field {
      // It knows no whole numbers: one that is whole is taken for one.
      case 2:
        return value.double.map { number in
          Int64(exactly: number).map { .integer($0) } ?? .real(number)
        }
      case 3: return .text(value.text ?? "")
      case 4: return .boolean(value.integer != 0)
      default: break
      }
    }
    return nil
  }
}
