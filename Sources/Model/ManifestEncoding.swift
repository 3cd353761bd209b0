/// The encodings that manifests are written in.
package enum ManifestEncoding: String, Sendable, Hashable, CaseIterable {
  case utf8 = "utf-8"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  case windows1252 = "windows-1252"
  case iso88591 = "iso-8859-1"
  /// Mac OS Roman, which Excel on a Mac writes as "CSV (Macintosh)" (RFC 1345).
  case macintosh
  /// The code page of DOS and of consoles in western Europe.
  case cp850

  /// Nil unless it is one of the raw values or their usual other names, in any case of letters. `utf-16` is the
  /// little-endian one; a byte order mark overrides that.
  package init?(named name: String) {
    switch name.lowercased() {
    case "utf8": self = .utf8
    case "utf-16", "utf16": self = .utf16LittleEndian
    case "cp1252", "windows1252": self = .windows1252
    case "latin1", "latin-1", "iso88591": self = .iso88591
    case "mac", "macroman", "mac-roman", "x-mac-roman": self = .macintosh
    case "850", "ibm850", "cp-850": self = .cp850
    case let name:
      guard let encoding = ManifestEncoding(rawValue: name) else { return nil }
      self = encoding
    }
  }

  /// What the first bytes of a text tell: a byte order mark, or an ASCII character in UTF-16 without one.
  static func mark(of start: some Collection<UInt8>) -> (encoding: ManifestEncoding, sizeInBytes: Int)? {
    let start = Array(start.prefix(3))
    if start == [0xEF, 0xBB, 0xBF] { return (.utf8, 3) }
    guard start.count >= 2 else { return nil }
    switch (start[0], start[1]) {
    case (0xFF, 0xFE): return (.utf16LittleEndian, 2)
    case (0xFE, 0xFF): return (.utf16BigEndian, 2)
    case (1..., 0): return (.utf16LittleEndian, 0)
    case (0, 1...): return (.utf16BigEndian, 0)
    default: return nil
    }
  }

  /// The names for messages and options, in the order in which they are listed.
  package static var names: [String] { allCases.map(\.rawValue) }

  var isUTF16: Bool { self == .utf16LittleEndian || self == .utf16BigEndian }
}
