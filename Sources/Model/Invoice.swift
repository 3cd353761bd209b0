import Foundation

/// What is to be sent: one row of the catalogue, together with the proof of its files' content.
///
/// Two values that are equal are the same revision: the fields, and size and SHA-256 of every file.
package struct Invoice: Codable, Sendable, Hashable {
  /// Unique key; trimmed and in Unicode normal form C.
  package var number: String
  /// Customer code.
  package var cct: String
  package var period: Period
  /// The PDF.
  package var file: FileReference
  /// More files, of any type, in the order of the manifest.
  package var attachments: [FileReference]
  package var to: [Mailbox]
  package var cc: [Mailbox]
  package var bcc: [Mailbox]
  /// Language tag of the templates to use; nil takes the pipeline's default.
  package var language: String?
  /// Every other column of the manifest, for the templates.
  package var fields: [String: String]

  package init(
    number: String, cct: String, period: Period, file: FileReference, attachments: [FileReference] = [],
    to: [Mailbox], cc: [Mailbox] = [], bcc: [Mailbox] = [], language: String? = nil,
    fields: [String: String] = [:]
  ) {
    self.number = number
    self.cct = cct
    self.period = period
    self.file = file
    self.attachments = attachments
    self.to = to
    self.cc = cc
    self.bcc = bcc
    self.language = language
    self.fields = fields
  }

  /// The same invoice, with the names of its fields as an earlier revision spells them where they differ in capitals
  /// alone: to whoever reads a manifest or fills a template, these are the same.
  package func spelled(as earlier: Invoice) -> Invoice {
    let known = Dictionary(earlier.fields.keys.sorted().map { ($0.lowercased(), $0) }) { first, _ in first }
    var invoice = self
    for (name, value) in fields {
      guard let spelling = known[name.lowercased()], invoice.fields[spelling] == nil else { continue }
      invoice.fields[name] = nil
      invoice.fields[spelling] = value
    }
    return invoice
  }
}

/// A file by its absolute path, and what it held when it was imported.
package struct FileReference: Codable, Sendable, Hashable {
  package var path: String
  /// 64 lower-case hexadecimal digits.
  package var sha256: String
  package var sizeInBytes: Int

  /// The last component of the path in Unicode normal form C: what the customer sees, however the disk spells it.
  package var name: String { Self.name(path) }

  package static func name(_ path: String) -> String {
    let name = path.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init) ?? path
    return name.utf8.allSatisfy({ $0 < 0x80 }) ? name : name.precomposedStringWithCanonicalMapping
  }

  package init(path: String, sha256: String, sizeInBytes: Int) {
    self.path = path
    self.sha256 = sha256
    self.sizeInBytes = sizeInBytes
  }

  enum CodingKeys: String, CodingKey {
    case path
    case sha256
    case sizeInBytes = "size_in_bytes"
  }
}

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

/// Which invoices a job takes. Conditions are joined by "and"; no condition at all means every due invoice.
package struct Filter: Codable, Sendable, Hashable {
  package var cct: String?
  package var period: Period?
  /// Nil: any number; an empty list matches nothing.
  package var numbers: [String]?
  /// At most so many due invoices, in the order of their numbers; nil: no bound.
  package var limit: Int?

  package init(cct: String? = nil, period: Period? = nil, numbers: [String]? = nil, limit: Int? = nil) {
    self.cct = cct
    self.period = period
    self.numbers = numbers
    self.limit = limit
  }
}
