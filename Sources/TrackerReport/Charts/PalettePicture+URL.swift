import TrackerDrawing
import TrackerStore

extension PalettePicture {
  /// The picture's file as a `data:` URL.
  var dataURL: String { "data:image/png;base64," + base64(file) }
}

func base64(_ bytes: [UInt8]) -> String {
  String(decoding: bytes.withUnsafeBytes { Base64.digits(of: $0) }, as: UTF8.self)
}
