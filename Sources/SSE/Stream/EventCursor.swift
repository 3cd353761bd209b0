import Model

/// Where a reader wants its stream to go on.
enum EventCursor: Sendable, Hashable {
  /// At the present state.
  case snapshot
  /// Strictly after this event.
  case after(EventID)
  /// After this event, with everything up to the feed's beginning sent already from the daemon's log.
  case replayed(EventID)
  /// It names something that is no event: the present state, marked as a break.
  case unusable

  /// Of `Last-Event-ID`, or of `after` in the query, which a page that was loaded anew uses; the header comes first.
  init(_ request: Request) {
    guard let text = request.header("last-event-id") ?? request.values("after").first, !text.isEmpty else {
      self = .snapshot
      return
    }
    self = EventID(text).map(EventCursor.after) ?? .unusable
  }
}
