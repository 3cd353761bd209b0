import Model

extension JobsInterface {
  /// Which invoices a job takes, as a caller names them. The daemon turns it into a `Model.Filter`.
  package struct Filter: Codable, Sendable, Hashable {
    package var cct: String?
    /// `YYYY-MM`, or `last` or `current` by the daemon's time zone.
    package var period: String?
    /// Nil: any number; an empty list matches nothing.
    package var numbers: [String]?
    /// At most so many due invoices; nil: no bound.
    package var limit: Int?

    package init(cct: String? = nil, period: String? = nil, numbers: [String]? = nil, limit: Int? = nil) {
      self.cct = cct
      self.period = period
      self.numbers = numbers
      self.limit = limit
    }

    /// Whether there is a condition; a limit is none.
    package var selects: Bool { cct != nil || period != nil || numbers != nil }
  }

  /// An attachment of a rendered mail; its content is not shown.
  package struct RenderedAttachment: Codable, Sendable, Hashable {
    package var name: String
    package var contentType: String
    package var sizeInBytes: Int

    package init(name: String, contentType: String, sizeInBytes: Int) {
      self.name = name
      self.contentType = contentType
      self.sizeInBytes = sizeInBytes
    }

    enum CodingKeys: String, CodingKey {
      case name
      case contentType = "content_type"
      case sizeInBytes = "size_in_bytes"
    }
  }

  /// A rendered mail: `Message` of the file.
  package struct RenderedMessage: Codable, Sendable, Hashable {
    package var to: [Mailbox]
    package var cc: [Mailbox]
    package var bcc: [Mailbox]
    package var subject: String
    package var text: String
    package var html: String?
    package var attachments: [RenderedAttachment]

    package init(
      to: [Mailbox], cc: [Mailbox], bcc: [Mailbox], subject: String, text: String, html: String?,
      attachments: [RenderedAttachment]
    ) {
      self.to = to
      self.cc = cc
      self.bcc = bcc
      self.subject = subject
      self.text = text
      self.html = html
      self.attachments = attachments
    }

    package init(_ message: Message) {
      self.init(
        to: message.to, cc: message.cc, bcc: message.bcc, subject: message.subject, text: message.text,
        html: message.html,
        attachments: message.attachments.map {
          RenderedAttachment(name: $0.name, contentType: $0.contentType, sizeInBytes: $0.file.sizeInBytes)
        })
    }
  }

  /// A configured pipeline and what keeps its sender: `Pipeline` of the file.
  package struct PipelineStatus: Codable, Sendable, Hashable {
    package var name: String
    package var sender: String
    /// False when no customer receives anything.
    package var delivers: Bool
    /// What its invoices are sent once in; nil: it has not begun.
    package var series: String?
    package var holds: [Hold]
    /// What it waits for; nil: nothing.
    package var wait: Wait?
    /// By how many seconds this machine's clock is ahead of the sender's, negative where it is behind; nil: by less than
    /// a minute, as far as it is known.
    package var clockAhead: Int?

    enum CodingKeys: String, CodingKey {
      case name, sender, delivers, series, holds, wait
      case clockAhead = "clock_ahead"
    }

    package init(
      name: String, sender: String, delivers: Bool, series: String? = nil, holds: [Hold], wait: Wait? = nil,
      clockAhead: Int? = nil
    ) {
      self.name = name
      self.sender = sender
      self.delivers = delivers
      self.series = series
      self.holds = holds
      self.wait = wait
      self.clockAhead = clockAhead
    }
  }
}
