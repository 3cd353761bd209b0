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
