import Foundation

/// Why a pipeline's sender sends nothing for longer than its usual pace, although nothing holds it: a limit of the other
/// side, or a host that cannot be reached. It ends by itself, and deliveries that wait fail no attempt by it.
package struct Wait: Codable, Sendable, Hashable {
  package var code: ErrorCode
  /// The other side's own words.
  package var detail: String
  package var since: Date
  /// When the sender goes on; nil: nobody named a time, and it is tried again and again.
  package var until: Date?

  package init(code: ErrorCode, detail: String = "", since: Date, until: Date? = nil) {
    self.code = code
    self.detail = detail
    self.since = since
    self.until = until
  }
}

/// What a sender says while it waits; the runner makes a `Wait` of it.
package struct SenderWait: Sendable, Hashable {
  package var code: ErrorCode
  package var detail: String
  /// From now on; nil: nobody knows, and it is tried again and again.
  package var duration: Duration?

  package init(_ code: ErrorCode, _ detail: String = "", for duration: Duration? = nil) {
    self.code = code
    self.detail = detail
    self.duration = duration
  }
}
