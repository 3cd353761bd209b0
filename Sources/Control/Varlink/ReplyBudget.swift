import NIOCore
import Synchronization

/// Bounds what the replies to all clients together take up, of any number of servers.
///
/// Replies that may be long are made a few at a time (`turns`). A reply is *unread* while the kernel has not taken all of
/// it, because its client does not read. Nobody waits for room among the unread ones: when their sum exceeds the bound,
/// connections are closed until it fits, of the user who has most of it, the one first that has not read for longest. So a
/// client that reads is not kept from it by those who do not, and one user's silent clients are no harm to another's.
package final class ReplyBudget: Sendable {
  /// A connection that was closed to make room.
  package struct CutOff: Sendable {
    package let client: Client
    /// Of the reply that it did not read.
    package let sizeInBytes: Int
    /// Since the reply was made.
    package let waited: Duration
  }

  /// Whom a reply is for.
  package struct Client: Sendable, Hashable {
    /// Whose clients share what they do not read.
    package var user: UInt32
    /// Of a client on this machine.
    package var process: Int32?

    package init(user: UInt32, process: Int32? = nil) {
      self.user = user
      self.process = process
    }
  }

  /// 128 whole pages of lists; clients that read have none here.
  package static let defaultSizeInBytes = 32 << 20
  /// What an unread reply counts for at least: its call may keep a part of a list that it goes through.
  package static let leastSizeInBytes = 64 << 10
  /// The database has four readers: as many replies are encoded while others are read. Each takes up some 2 MiB.
  private static let replyMakers = 8

  fileprivate struct Unread {
    let client: Client
    let sizeInBytes: Int
    let since: ContinuousClock.Instant
    let close: @Sendable () -> Void

    var countedSizeInBytes: Int { max(sizeInBytes, ReplyBudget.leastSizeInBytes) }
  }

  fileprivate struct State {
    /// In the order in which they were made.
    var last: UInt64 = 0
    var unread: [UInt64: Unread] = [:]
    var sizeInBytes = 0
    /// By user.
    var sizesInBytes: [UInt32: Int] = [:]
  }

  package let turns = Turns(ReplyBudget.replyMakers)
  private let maximumSizeInBytes: Int
  private let onCutOff: @Sendable (CutOff) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - maximumSizeInBytes: of all unread replies, each counted as at least `leastSizeInBytes`.
  ///   - onCutOff: called on an event loop.
  package init(
    maximumSizeInBytes: Int = ReplyBudget.defaultSizeInBytes, onCutOff: @escaping @Sendable (CutOff) -> Void = { _ in }
  ) {
    self.maximumSizeInBytes = maximumSizeInBytes
    self.onCutOff = onCutOff
  }

  /// Counts what was just written to a channel as unread while the kernel has not taken all of it. On the channel's event
  /// loop.
  ///
  /// - Returns: whether it is unread.
  @discardableResult
  package func count(
    _ sizeInBytes: Int, for client: Client, until write: EventLoopFuture<Void>, on channel: any Channel
  ) -> Bool {
    var isDone = false
    write.assumeIsolated().whenComplete { _ in isDone = true }
    if isDone { return false }
    let id = add(sizeInBytes, for: client) { channel.close(promise: nil) }
    write.whenComplete { _ in self.remove(id) }
    return true
  }

  /// Counts a reply as unread until `remove`, and closes whatever is too much, perhaps this one.
  ///
  /// - Parameter close: ends the reply's connection; called once at most.
  func add(_ sizeInBytes: Int, for client: Client, close: @escaping @Sendable () -> Void) -> UInt64 {
    let now = ContinuousClock.now
    let unread = Unread(client: client, sizeInBytes: sizeInBytes, since: now, close: close)
    let (id, surplus) = state.withLock { state in
      let id = state.add(unread)
      var surplus: [Unread] = []
      while state.sizeInBytes > maximumSizeInBytes, let next = state.next, let found = state.remove(next) {
        surplus.append(found)
      }
      return (id, surplus)
    }
    for unread in surplus {
      unread.close()
      onCutOff(CutOff(client: unread.client, sizeInBytes: unread.sizeInBytes, waited: now - unread.since))
    }
    return id
  }

  /// It was read, or its connection has ended. May be called twice.
  func remove(_ id: UInt64) { _ = state.withLock { $0.remove(id) } }
}

extension ReplyBudget.State {
  fileprivate mutating func add(_ reply: ReplyBudget.Unread) -> UInt64 {
    last += 1
    unread[last] = reply
    sizeInBytes += reply.countedSizeInBytes
    sizesInBytes[reply.client.user, default: 0] += reply.countedSizeInBytes
    return last
  }

  fileprivate mutating func remove(_ id: UInt64) -> ReplyBudget.Unread? {
    guard let reply = unread.removeValue(forKey: id) else { return nil }
    sizeInBytes -= reply.countedSizeInBytes
    let rest = sizesInBytes[reply.client.user, default: 0] - reply.countedSizeInBytes
    sizesInBytes[reply.client.user] = rest > 0 ? rest : nil
    return reply
  }

  /// The one to be closed first.
  fileprivate var next: UInt64? {
    let user = sizesInBytes.max { $0.value < $1.value }?.key
    return unread.lazy.filter { $0.value.client.user == user }.map(\.key).min()
  }
}
