import Foundation

/// Domain names of mail addresses, in Unicode or not.
package enum DomainName {
  /// RFC 1035, section 2.3.4.
  static let maximumLabelLength = 63
  /// RFC 1035's 255 octets, less the first length and the root.
  static let maximumLength = 253

  /// The name as the DNS and mail headers have it: A-labels (RFC 5890), in lower case.
  ///
  /// Maps as RFC 5895 does (lower case, normal form C, ideographic full stops are dots), then permits in a label what
  /// IDNA 2008 permits by category: letters, marks and digits that compatibility normalisation leaves alone, hyphens
  /// inside. The rules for bidirectional names and joiners (RFC 5892, appendix A; RFC 5893) are reduced to: no
  /// joiners. Throws `.domain` where it is no name, has no dot, is an IP address, or is too long.
  package static func ascii(_ domain: String) throws(AddressError) -> String {
    let mapped = domain.lowercased().precomposedStringWithCanonicalMapping
    let labels = mapped.unicodeScalars.split(omittingEmptySubsequences: false) { scalar in
      scalar == "." || scalar == "\u{3002}" || scalar == "\u{FF0E}" || scalar == "\u{FF61}"
    }
    var names: [String] = []
    for label in labels {
      guard let name = ascii(label: String(label)) else { throw AddressError(.domain, domain) }
      names.append(name)
    }
    let name = names.joined(separator: ".")
    guard names.count > 1, name.utf8.count <= maximumLength,
      names.last?.utf8.contains(where: { !isDigit($0) }) == true
    else { throw AddressError(.domain, domain) }
    return name
  }

  /// Nil where it is no label.
  private static func ascii(label: String) -> String? {
    let name: String
    if label.utf8.allSatisfy({ $0 < 128 }) {
      name = label
      // An A-label must be one that its U-label has.
      if label.hasPrefix("xn--") {
        guard let unicode = Punycode.decode(String(label.dropFirst(4))), isUnicodeLabel(unicode),
          Punycode.encode(unicode).map({ "xn--" + $0 }) == label
        else { return nil }
      }
    } else {
      guard isUnicodeLabel(label), let encoded = Punycode.encode(label) else { return nil }
      name = "xn--" + encoded
    }
    let hyphen = UInt8(ascii: "-")
    let isLetterDigitHyphen = name.utf8.allSatisfy { byte in
      isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == hyphen
    }
    guard isLetterDigitHyphen, !name.isEmpty, name.utf8.count <= maximumLabelLength,
      name.utf8.first != hyphen, name.utf8.last != hyphen
    else { return nil }
    return name
  }

  /// RFC 5891, section 4.2, by general category.
  private static func isUnicodeLabel(_ label: String) -> Bool {
    let scalars = Array(label.unicodeScalars)
    guard scalars.contains(where: { !$0.isASCII }), scalars.first != "-", scalars.last != "-",
      !label.dropFirst(2).hasPrefix("--"),
      Array(label.precomposedStringWithCompatibilityMapping.unicodeScalars) == scalars
    else { return false }
    for (index, scalar) in scalars.enumerated() {
      switch scalar.properties.generalCategory {
      case .lowercaseLetter, .otherLetter, .modifierLetter, .decimalNumber: continue
      case .nonspacingMark, .spacingMark:
        if index == 0 { return false }
      default:
        // Catalan's middle dot stands between two l (RFC 5892, appendix A.3).
        let isBetweenLs =
          scalar == "\u{B7}" && index > 0 && scalars[index - 1] == "l"
          && index + 1 < scalars.count && scalars[index + 1] == "l"
        guard scalar == "-" || isBetweenLs else { return false }
      }
    }
    return true
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
