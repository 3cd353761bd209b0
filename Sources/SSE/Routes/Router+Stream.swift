import Foundation
import Model

extension Router {
  /// `GET /events` and `GET /jobs/{id}/events`.
  func stream(_ job: Int64?, _ exchange: Exchange) async throws {
    _ = try access.user(exchange.request, now: Date())
    let feed = try await feeds.feed(of: job)
    // The place comes first: what is above the cap costs the daemon nothing.
    do { try feeds.takePlace() } catch {
      metrics.refusedReader()
      throw error
    }
    let (cursor, older): (EventCursor, [OldEvent])
    do { (cursor, older) = try await replayed(EventCursor(exchange.request), job, feed) } catch {
      feeds.freePlace()
      throw error
    }
    if older.isEmpty, feed.hasNothing(after: cursor) {
      feeds.freePlace()
      // EventSource does not come back after this.
      return exchange.answer(Response(.noContent))
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
