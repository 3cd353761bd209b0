import Model

extension JobsInterface {
  package enum ListInvoices: VarlinkMethod {
    package static let name = "ListInvoices"
    package static let isReadOnly = true

    /// Which invoices are asked for.
    package enum Eligibility: String, Codable, Sendable, CaseIterable {
      case unsent, failed, unknown
    }

    package struct Parameters: Codable, Sendable, Hashable {
      package var filter: Filter?
      package var status: Eligibility?
      package var after: String?
      package var limit: Int?

      package init(filter: Filter? = nil, status: Eligibility? = nil, after: String? = nil, limit: Int? = nil) {
        self.filter = filter
        self.status = status
        self.after = after
        self.limit = limit
      }
    }

    package struct Reply: Codable, Sendable, Hashable {
      package var invoices: [CatalogueInvoice]
      /// Nil on the last page.
      package var next: String?

      package init(invoices: [CatalogueInvoice], next: String?) {
        self.invoices = invoices
        self.next = next
      }
    }
  }

  /// Parameters of the methods that name one invoice.
  package struct InvoiceNumber: Codable, Sendable, Hashable {
    package var number: String

    package init(number: String) { self.number = number }
  }

  package enum GetInvoice: VarlinkMethod {
    package static let name = "GetInvoice"
    package static let isReadOnly = true
    package typealias Parameters = InvoiceNumber

    package struct Reply: Codable, Sendable, Hashable {
      package var invoice: CatalogueInvoice
      /// The newest first.
      package var deliveries: [Delivery]

      package init(invoice: CatalogueInvoice, deliveries: [Delivery]) {
        self.invoice = invoice
        self.deliveries = deliveries
      }
    }
  }

  package enum HoldInvoice: VarlinkMethod {
    package static let name = "HoldInvoice"
    package typealias Reply = Empty

    package struct Parameters: Codable, Sendable, Hashable {
      package var number: String
      package var reason: String

      package init(number: String, reason: String) {
        self.number = number
        self.reason = reason
      }
    }
  }

  package enum ReleaseInvoice: VarlinkMethod {
    package static let name = "ReleaseInvoice"
    package typealias Parameters = InvoiceNumber
    package typealias Reply = Empty
  }

  package enum PreviewInvoice: VarlinkMethod {
    package static let name = "PreviewInvoice"
    package static let isReadOnly = true

    package struct Parameters: Codable, Sendable, Hashable {
      package var number: String
      package var pipeline: String?

      package init(number: String, pipeline: String? = nil) {
        self.number = number
        self.pipeline = pipeline
      }
    }

    package struct Reply: Codable, Sendable, Hashable {
      package var message: RenderedMessage

      package init(message: RenderedMessage) { self.message = message }
    }
  }
}
