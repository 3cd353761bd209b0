import Foundation
import Model

extension Router {
  /// `GET /events` and `GET /jobs/{id}/events`.
  func stream(_ job: Int64?, _ exchange: Exchange) async throws {
    _ = try access.visitor(exchange.request, now: Date())
    let feed = try await feeds.feed(of: job)
    let (cursor, older) = try await replayed(EventCursor(exchange.request), job, feed)
    if older.isEmpty, feed.hasNothing(after: cursor) {
      // EventSource does not come back after this.
      return exchange.answer(Response(.noContent))
    }
    do { try feeds.takePlace() } catch {
      metrics.refusedReader()
      throw error
    }
    exchange.stream(feed, after: cursor, older: older)
  }

  /// What the feed does not keep any more, when the daemon's log still has it; and where to go on from there.
  private func replayed(
    _ cursor: EventCursor, _ job: Int64?, _ feed: Feed
  ) async throws -> (EventCursor, [OldEvent]) {
    guard case .after(let id) = cursor, feed.isMissing(cursor),
      let older = try await Replay(daemon: daemon, job: job).events(after: id)
    else { return (cursor, []) }
    return (.replayed(older.last?.id ?? id), older)
  }
}
