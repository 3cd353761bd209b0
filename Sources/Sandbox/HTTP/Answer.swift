/// What the client gets to see of a call.
enum Answer: Sendable {
  case response(Response)
  /// Head and half of the body, then the end of the connection without a word.
  case truncated(Response)
  /// Head, and the body byte by byte with a pause before each.
  case dripped(Response, Duration)
  /// No byte: the connection is reset.
  case dropped
}
