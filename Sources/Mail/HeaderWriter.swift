import Model

/// Writes the header lines of a mail or of one of its parts (RFC 5322, section 2.2), and refuses what is none.
struct HeaderWriter {
  /// What RFC 2047 permits a line with an encoded word; RFC 5322, section 2.1.1, would have 78.
  private static let preferredLineLength = 76
  /// What cannot be folded must stay below RFC 5322's limit of 998, with the field's name before it.
  private static let maximumTokenLength = 900
  /// An ASCII word longer than this is encoded, because that can be split.
  private static let maximumWordLength = 70

  private(set) var text = ""

  /// Text that people read: a subject.
  mutating func addText(_ name: String, _ value: String) throws(StageError) {
    try refuseControls(name, value)
    try add(name, tokens: Self.isPlain(value) ? Self.words(value) : EncodedWords.encode(value))
  }

  /// A list of mailboxes; none writes nothing. Throws `.invalidRecipient` for an address that cannot stand in a mail.
  mutating func addMailboxes(_ name: String, _ mailboxes: [Mailbox]) throws(StageError) {
    var tokens: [String] = []
    for (index, mailbox) in mailboxes.enumerated() {
      let display = mailbox.name ?? ""
      try refuseControls(name, display + mailbox.address)
      let address = try Self.wireForm(of: mailbox.address)
      tokens += Self.phrase(display)
      tokens.append((display.isEmpty ? address : "<\(address)>") + (index < mailboxes.count - 1 ? "," : ""))
    }
    if !tokens.isEmpty { try add(name, tokens: tokens) }
  }

  /// A value for programs: ASCII, folded at its blanks.
  mutating func add(_ name: String, _ value: String) throws(StageError) {
    try refuseControls(name, value)
    guard value.utf8.allSatisfy({ $0 < 128 }) else { throw Self.invalid(name) }
    try add(name, tokens: Self.words(value))
  }

  /// A value with parameters (RFC 2045, section 5.1), each written out as `name=value`.
  mutating func add(_ name: String, _ value: String, parameters: [String]) throws(StageError) {
    let pieces = [value] + parameters
    try add(name, tokens: pieces.dropLast().map { $0 + ";" } + pieces.suffix(1))
  }

  /// Tokens between which the line may be folded, one blank between two of them.
  private mutating func add(_ name: String, tokens: [String]) throws(StageError) {
    let isName = !name.isEmpty && name.utf8.allSatisfy { $0.isPrintable && $0 != UInt8(ascii: ":") }
    guard isName, name.utf8.count <= Self.maximumWordLength,
      tokens.allSatisfy({ $0.utf8.count <= Self.maximumTokenLength })
    else { throw Self.invalid(name) }
    text += name + ":"
    var length = name.utf8.count + 1
    for token in tokens where !token.isEmpty {
      let isFirst = length == name.utf8.count + 1
      if !isFirst && length + 1 + token.utf8.count > Self.preferredLineLength {
        text += "\r\n"
        length = 0
      }
      text += " " + token
      length += 1 + token.utf8.count
    }
    text += "\r\n"
  }

  private func refuseControls(_ name: String, _ value: String) throws(StageError) {
    guard !value.unicodeScalars.contains(where: \.isControl) else { throw Self.invalid(name) }
  }

  private static func invalid(_ name: String) -> StageError {
    // The name may itself be what is wrong with it.
    let shown = name.unicodeScalars.map { $0.isASCII && !$0.isControl ? Character($0) : "?" }
    return StageError(.invalidHeader, String(shown), .reject)
  }

  /// With the domain as A-labels.
  private static func wireForm(of address: String) throws(StageError) -> String {
    do throws(AddressError) {
      try AddressParser.check(address: address)
      guard let at = address.lastIndex(of: "@") else { throw AddressError(.notAnAddress, address) }
      return try address[...at] + DomainName.ascii(String(address[address.index(after: at)...]))
    } catch {
      throw StageError(.invalidRecipient, "\(address): \(error.reason.rawValue)", .reject)
    }
  }

  /// A display name: atoms, a quoted string, or atoms and encoded words.
  ///
  /// What can stand as an atom does, because some programs (Python's email before 3.13) show a blank between two
  /// encoded words of a name; words side by side that cannot are encoded as one.
  private static func phrase(_ name: String) -> [String] {
    guard !name.isEmpty else { return [] }
    guard hasSingleBlanks(name), !name.contains("=?") else { return EncodedWords.encode(name) }
    let words = words(name)
    let isASCII = name.utf8.allSatisfy { $0 < 128 }
    if isASCII && words.allSatisfy({ $0.utf8.count <= maximumTokenLength / 2 }) {
      if words.allSatisfy(isAtom) { return words }
      let escaped = name.unicodeScalars.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : "\($0)" }.joined()
      return Self.words("\"\(escaped)\"")
    }
    var tokens: [String] = []
    var run: [String] = []
    for word in words {
      guard isAtom(word) && word.utf8.count <= maximumWordLength else {
        run.append(word)
        continue
      }
      if !run.isEmpty { tokens += EncodedWords.encode(run.joined(separator: " ")) }
      run.removeAll()
      tokens.append(word)
    }
    if !run.isEmpty { tokens += EncodedWords.encode(run.joined(separator: " ")) }
    return tokens
  }

  /// Whether it can stand as it is: ASCII, single blanks, nothing like an encoded word, nothing too long to fold.
  private static func isPlain(_ value: String) -> Bool {
    value.isEmpty
      || value.utf8.allSatisfy { $0 < 128 } && !value.contains("=?") && hasSingleBlanks(value)
        && words(value).allSatisfy { $0.utf8.count <= maximumWordLength }
  }

  /// Whether nothing is lost when it is folded at its blanks.
  private static func hasSingleBlanks(_ value: String) -> Bool {
    value.split(separator: " ", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
  }

  private static func isAtom(_ word: String) -> Bool {
    word.unicodeScalars.allSatisfy(\.isAtomText)
  }

  private static func words(_ value: String) -> [String] {
    value.split(separator: " ").map(String.init)
  }
}
