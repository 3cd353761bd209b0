import Foundation
import Model

extension JobsInterface {
  /// An invoice of the catalogue and where it stands: `Invoice` of the file.
  package struct CatalogueInvoice: Codable, Sendable, Hashable {
    package var number: String
    package var cct: String
    package var period: Period
    package var file: FileReference
    package var attachments: [FileReference]
    package var to: [Mailbox]
    package var cc: [Mailbox]
    package var bcc: [Mailbox]
    package var language: String?
    package var fields: [String: String]
    /// When another system sent it.
    package var sentAt: Date?
    /// Why a person holds it.
    package var held: String?
    /// `due`, `held`, `marked_sent`, or the state of the newest delivery.
    package var status: String
    /// The job of the newest delivery.
    package var job: Int64?

    package init(_ invoice: Invoice, sentAt: Date?, held: String?, status: String, job: Int64?) {
      number = invoice.number
      cct = invoice.cct
      period = invoice.period
      file = invoice.file
      attachments = invoice.attachments
      to = invoice.to
      cc = invoice.cc
      bcc = invoice.bcc
      language = invoice.language
      fields = invoice.fields
      self.sentAt = sentAt
      self.held = held
      self.status = status
      self.job = job
    }

    enum CodingKeys: String, CodingKey {
      case number, cct, period, file, attachments, to, cc, bcc, language, fields, held, status, job
      case sentAt = "sent_at"
    }
  }
}
