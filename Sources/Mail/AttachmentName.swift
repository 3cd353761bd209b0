import Foundation

/// The name that a recipient saves an attachment under.
struct AttachmentName {
  /// Below what file systems take (255 bytes), with room for the ` (2)` of a second copy.
  static let maximumSizeInBytes = 200
  /// Longer ones are no extension that a system knows.
  private static let maximumExtensionSizeInBytes = 16

  /// Without separators, quotes and direction marks (a `_` stands for each), and cut at a whole character before the
  /// extension; never empty.
  let name: String
  /// The same in ASCII, accents taken off, for mail programs that know no other.
  let asciiName: String

  /// The name must have no control characters.
  init(_ text: String) {
    let safe = text.precomposedStringWithCanonicalMapping.unicodeScalars.map { scalar -> Character in
      let isUnsafe = "/\\\"".unicodeScalars.contains(scalar) || scalar.isDirectionMark || scalar.isControl
      return isUnsafe ? "_" : Character(scalar)
    }
    let name = Self.shorten(String(safe).trimmingCharacters(in: .whitespaces))
    self.name = name.isEmpty ? "attachment" : name
    asciiName = Self.ascii(self.name)
  }

  private static func shorten(_ name: String) -> String {
    guard name.utf8.count > maximumSizeInBytes else { return name }
    var suffix = ""
    if let dot = name.lastIndex(of: "."), name[dot...].utf8.count <= maximumExtensionSizeInBytes {
      suffix = String(name[dot...])
    }
    var stem = ""
    for character in name.dropLast(suffix.count) {
      guard stem.utf8.count + character.utf8.count + suffix.utf8.count <= maximumSizeInBytes else { break }
      stem.append(character)
    }
    while stem.last == " " { stem.removeLast() }
    return stem + suffix
  }

  private static func ascii(_ name: String) -> String {
    var result = ""
    for character in name {
      let base = String(character).decomposedStringWithCanonicalMapping.unicodeScalars.first
      result.append(base.flatMap { (32...126).contains($0.value) ? Character($0) : nil } ?? "_")
    }
    return result
  }

  /// The parameters of Content-Disposition: RFC 2231's form first, since a reader that knows both takes one of them,
  /// and some take the first. Unbroken, because more programs read a long one than a continued one.
  var dispositionParameters: [String] {
    let plain = "filename=\"\(asciiName)\""
    return asciiName == name ? [plain] : ["filename*=UTF-8''\(Self.percentEncoded(name))", plain]
  }

  /// RFC 2231, section 7: attribute-char stands for itself.
  private static func percentEncoded(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      let isPlain = byte.isPrintable && !"*'%()<>@,;:\\\"/[]?=".utf8.contains(byte)
      result += isPlain ? [byte] : [UInt8(ascii: "%")] + QuotedPrintable.escape(byte).dropFirst()
    }
    return String(decoding: result, as: UTF8.self)
  }
}
