import Foundation
import Model

/// Reads the addresses that people write into one cell of a table.
package enum AddressParser {
  /// RFC 5321, section 4.5.3.1.1.
  private static let maximumLocalPartLength = 64

  /// Addresses between `,` or `;`, each bare or as `name <address>`, the name quoted or not and in any script; blanks,
  /// invisible characters around an address and empty places count for nothing, so that a blank cell is an empty list.
  ///
  /// The domain stays as written; it is one that `DomainName.ascii` takes. Quoted local parts, comments, groups and
  /// address literals are refused: nobody invoices those, and they are where parsers differ.
  package static func parse(_ text: String) throws(AddressError) -> [Mailbox] {
    guard !text.unicodeScalars.contains(where: \.isControl) else { throw AddressError(.control, text) }
    var mailboxes: [Mailbox] = []
    for entry in try split(text) {
      let entry = trim(entry)
      if !entry.isEmpty { mailboxes.append(try mailbox(entry)) }
    }
    return mailboxes
  }

  /// Whether this is an address that may stand in a mail; throws what is wrong with it.
  package static func check(address: String) throws(AddressError) {
    guard !address.hasInvisibleCharacter else { throw AddressError(.invisible, address) }
    guard let at = address.unicodeScalars.lastIndex(of: "@") else { throw AddressError(.notAnAddress, address) }
    let local = address[..<at]
    guard !local.unicodeScalars.contains(where: \.properties.isWhitespace) else {
      throw AddressError(.localPart, address)
    }
    guard local.utf8.allSatisfy({ $0 < 128 }) else { throw AddressError(.localPartNotASCII, address) }
    let atoms = local.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false)
    guard local.utf8.count <= maximumLocalPartLength,
      atoms.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isAtomText) })
    else { throw AddressError(.localPart, address) }
    _ = try DomainName.ascii(String(address[address.unicodeScalars.index(after: at)...]))
  }

  /// At `,` and `;` outside quotes and angle brackets. By scalars: a mark behind a comma makes no other character of it.
  private static func split(_ text: String) throws(AddressError) -> [Substring] {
    let scalars = text.unicodeScalars
    var entries: [Substring] = []
    var start = text.startIndex
    var isQuoted = false
    var isInBrackets = false
    var index = text.startIndex
    while index < text.endIndex {
      switch scalars[index] {
      case "\\" where isQuoted:
        scalars.formIndex(after: &index)
        guard index < text.endIndex else { throw AddressError(.unbalanced, text) }
      case "\"": isQuoted.toggle()
      case _ where isQuoted: break
      case "<", ">":
        guard isInBrackets == (scalars[index] == ">") else { throw AddressError(.unbalanced, text[start...]) }
        isInBrackets.toggle()
      case "(", ")": throw AddressError(.comment, text[start...])
      case ",", ";":
        guard !isInBrackets else { throw AddressError(.unbalanced, text[start...]) }
        entries.append(text[start..<index])
        start = scalars.index(after: index)
      default: break
      }
      scalars.formIndex(after: &index)
    }
    guard !isQuoted, !isInBrackets else { throw AddressError(.unbalanced, text[start...]) }
    return entries + [text[start...]]
  }

  private static func mailbox(_ entry: Substring) throws(AddressError) -> Mailbox {
    guard entry.unicodeScalars.last == ">" else {
      guard !entry.unicodeScalars.contains(">") else { throw AddressError(.unbalanced, entry) }
      try check(address: String(entry))
      return Mailbox(address: String(entry))
    }
    // The bracket that opens the address is the last one: one inside a quoted name comes earlier.
    guard let open = entry.unicodeScalars.lastIndex(of: "<") else { throw AddressError(.unbalanced, entry) }
    let address = trim(entry[entry.unicodeScalars.index(after: open)...].dropLast())
    try check(address: String(address))
    let name = try unquoted(trim(entry[..<open]))
    guard !name.unicodeScalars.contains(where: \.isDirectionMark) else { throw AddressError(.control, entry) }
    guard !shows(anotherAddressThan: String(address), name) else { throw AddressError(.nameIsAddress, entry) }
    return Mailbox(name: name.isEmpty ? nil : name, address: String(address))
  }

  /// A display name without its quotes: all in one pair, or none at all.
  private static func unquoted(_ name: Substring) throws(AddressError) -> String {
    guard name.unicodeScalars.contains("\"") else {
      guard !name.contains("<") else { throw AddressError(.unbalanced, name) }
      return String(name)
    }
    var result = String.UnicodeScalarView()
    var isEscaped = false
    let inner = name.unicodeScalars.dropFirst().dropLast()
    guard name.unicodeScalars.first == "\"", name.unicodeScalars.last == "\"", name.unicodeScalars.count > 1 else {
      throw AddressError(.unbalanced, name)
    }
    for scalar in inner {
      if !isEscaped && scalar == "\\" {
        isEscaped = true
        continue
      }
      guard isEscaped || scalar != "\"" else { throw AddressError(.unbalanced, name) }
      result.append(scalar)
      isEscaped = false
    }
    return String(trim(Substring(String(result))))
  }

  /// Whether a name has an address in it, other than this one: many programs show the name alone, and the reader takes
  /// it for where the mail goes. Full-width signs count as what they look like.
  private static func shows(anotherAddressThan address: String, _ name: String) -> Bool {
    let shown = name.precomposedStringWithCompatibilityMapping.unicodeScalars.filter { !$0.isInvisible }
    guard shown.contains("@") else { return false }
    let isPart = { (scalar: Unicode.Scalar) in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "@.-_+".unicodeScalars.contains(scalar)
    }
    return shown.split { !isPart($0) }.contains { word in
      let word = String(word).trimmingCharacters(in: ["."])
      guard let at = word.lastIndex(of: "@"), at > word.startIndex,
        (try? DomainName.ascii(String(word[word.index(after: at)...]))) != nil
      else { return false }
      return word.lowercased() != address.lowercased()
    }
  }

  private static func trim(_ text: Substring) -> Substring { Substring(String(text).trimmed) }
}

/// Why a text is no list of mail addresses.
package struct AddressError: Error, Sendable, Hashable {
  package enum Reason: String, Sendable, Hashable, CaseIterable {
    /// Nothing with an @ in it.
    case notAnAddress = "not_an_address"
    /// A comment in parentheses (RFC 5322, section 3.2.2), outside quotes.
    case comment
    /// A control character, a line break among them, or one that turns the direction of writing.
    case control
    /// An address with a character that cannot be seen, such as a zero width space.
    case invisible
    /// A display name that shows another address than the one behind it.
    case nameIsAddress = "name_is_address"
    /// A quote or an angle bracket without its other half, or something behind the bracket.
    case unbalanced
    /// A local part with other than ASCII characters: not every mail server takes those (RFC 6531).
    case localPartNotASCII = "local_part_not_ascii"
    /// A local part that is no dot-atom (RFC 5322, section 3.2.3) or longer than 64 characters.
    case localPart = "local_part"
    /// A domain that the DNS cannot have (RFC 1035, RFC 5890), or without a dot.
    case domain
  }

  package let reason: Reason
  /// The part of the text in question, at most 200 characters.
  package let text: String

  init(_ reason: Reason, _ text: some StringProtocol) {
    self.reason = reason
    self.text = String(text.prefix(200))
  }
}
