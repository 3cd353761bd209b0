extension Unicode.Scalar {
  /// C0, DEL and C1: what ends or disturbs a header line.
  var isControl: Bool { properties.generalCategory == .control || value == 0x2028 || value == 0x2029 }

  /// Marks that turn the direction of writing, so that a text shows as another.
  var isDirectionMark: Bool { properties.isBidiControl }

  /// RFC 5322, section 3.2.3.
  var isAtomText: Bool {
    switch self {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(self)
    }
  }
}

extension UInt8 {
  /// RFC 2045's and RFC 5322's printable ASCII, the space not among them.
  var isPrintable: Bool { (33...126).contains(self) }
}
