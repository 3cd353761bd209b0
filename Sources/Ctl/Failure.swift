/// Why a command ended without doing what it was asked for.
struct Failure: Error, Sendable, Hashable {
  var status: ExitStatus
  /// Stable name for programs: the daemon's error without its interface, such as `NoSuchJob`, or one of docs/json.md.
  var code: String
  /// One sentence with the cause, and what to do next.
  var message: String

  init(_ status: ExitStatus, _ code: String, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }
}

/// A command that did its work, and whose status is not zero: a job with failed deliveries, for instance.
struct Ending: Error, Sendable, Hashable {
  var status: ExitStatus
}
