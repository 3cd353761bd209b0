/// What one client may cost the daemon.
package struct VarlinkLimits: Sendable, Hashable {
  /// Further connections are told so (`TooManyConnections`) and closed. Above 500, so that as many silent ones keep nobody
  /// out; each may hold one request, so all together at most 64 MiB.
  package var maximumConnections = 1024
  /// Of one request, without its NUL. A longer one ends the connection.
  package var maximumRequestSizeInBytes = 64 * 1024
  /// Of one reply, without its NUL; a longer one is refused (`ReplyTooLarge`). A page of a list is below 256 KiB; one
  /// invoice, or one rendered mail, may be longer.
  package var maximumReplySizeInBytes = 4 * 1024 * 1024
  /// From the first byte of a request to its NUL: half a request and silence is no use to anybody. A connection that
  /// has begun no request may stay silent for ever.
  package var requestDeadline = Duration.seconds(30)
  /// A client that does not take a reply for so long is gone.
  package var replyDeadline = Duration.seconds(30)
  /// What running calls have left, once the server is told to stop, to say a last word.
  package var goodbye = Duration.seconds(2)

  package init() {}
}
