extension Unicode.Scalar {
  /// Whether nobody sees it, though it may steer a terminal or change how what follows is read: controls (Unicode's
  /// categories Cc, Cf, Zl and Zp).
  package var isInvisible: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
