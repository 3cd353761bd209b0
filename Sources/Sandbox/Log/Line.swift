import Foundation

/// One line of the log: who, when, and a body that depends on the event.
struct Line<Body: Encodable>: Encodable {
  enum CodingKeys: CodingKey {
    case seq, time, event
  }

  let seq: Int
  let time: Date
  let event: String
  let body: Body

  func encode(to encoder: any Encoder) throws {
    try body.encode(to: encoder)
    var line = encoder.container(keyedBy: CodingKeys.self)
    try line.encode(seq, forKey: .seq)
    try line.encode(time.timestamp, forKey: .time)
    try line.encode(event, forKey: .event)
  }
}

/// `person`: somebody touched a draft in Gmail's own pages.
struct PersonLine: Encodable {
  let did: String
  let draft: String
  let message: String
}

/// Who had a mail sent.
enum Sender: String, Codable, Sendable {
  case api
  case person
}

/// `delivered`: a mail went out. What counts, when it is asked how often somebody got an invoice.
struct DeliveredLine: Encodable {
  let account: String
  /// Nil for `messages.send`.
  let draft: String?
  /// The new id that the sent message has.
  let message: String
  let thread: String
  /// `X-Invoiced-Key`
  let key: String?
  /// To, Cc and Bcc.
  let recipients: [String]
  /// As it stands in the header, encoded words and all.
  let subject: String?
  /// Of the mail as uploaded.
  let sha256: String
  let bytes: Int
  /// Name below `sent`.
  let file: String
  /// `api` or `person`.
  let by: Sender
}
