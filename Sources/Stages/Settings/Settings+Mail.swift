import Mail
import Model

extension Settings {
  /// One address, with or without a display name.
  func mailbox(_ key: String) throws -> Mailbox? {
    guard let text = try text(key) else { return nil }
    let found = try parse(text, key)
    guard found.count == 1 else { throw error(key, "must be one address") }
    return found[0]
  }

  /// Addresses; none when the key is absent.
  func mailboxes(_ key: String) throws -> [Mailbox] {
    try (texts(key) ?? []).flatMap { try parse($0, key) }
  }

  private func parse(_ text: String, _ key: String) throws -> [Mailbox] {
    do {
      return try AddressParser.parse(text)
    } catch let problem {
      throw error(key, "holds no address: \(text) (\(Self.words(for: problem.reason)))")
    }
  }

  private static func words(for reason: AddressError.Reason) -> String {
    switch reason {
    case .notAnAddress: "there is no @ in it"
    case .comment: "a comment in parentheses is not supported; put the name into quotes"
    case .control: "there is a control character in it"
    case .invisible: "there is an invisible character in it; type it anew"
    case .nameIsAddress: "the name in front of it shows another address"
    case .unbalanced: "a quote or a bracket < > lacks its other half, or something follows it"
    case .localPartNotASCII: "the part before the @ may only be ASCII"
    case .localPart: "the part before the @ cannot be one"
    case .domain: "the part after the @ is no domain"
    }
  }
}
