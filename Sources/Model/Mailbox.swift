/// One address of a mail: an optional display name and an addr-spec (RFC 5322, section 3.4).
///
/// The domain is kept as it was written, in Unicode; the mail encoder turns it into A-labels (RFC 5891).
package struct Mailbox: Codable, Sendable, Hashable {
  package var name: String?
  package var address: String

  package init(name: String? = nil, address: String) {
    self.name = name
    self.address = address
  }
}
