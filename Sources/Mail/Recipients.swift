import Model

/// Whom an invoice goes to, each address once.
package struct Recipients: Sendable, Hashable {
  package let to: [Mailbox]
  package let cc: [Mailbox]
  package let bcc: [Mailbox]

  /// The first place of an address counts, To before Cc before Bcc: in two of them a customer gets two mails from some
  /// servers, and a name in Bcc that stands in To is no secret. Capitals and the form of the domain make no difference.
  package init(of invoice: Invoice) {
    var seen: Set<String> = []
    let first = { (mailboxes: [Mailbox]) in mailboxes.filter { seen.insert(Self.key($0.address)).inserted } }
    to = first(invoice.to)
    cc = first(invoice.cc)
    bcc = first(invoice.bcc)
  }

  private static func key(_ address: String) -> String {
    guard let at = address.lastIndex(of: "@"),
      let domain = try? DomainName.ascii(String(address[address.index(after: at)...]))
    else { return address.lowercased() }
    return address[...at].lowercased() + domain
  }
}
