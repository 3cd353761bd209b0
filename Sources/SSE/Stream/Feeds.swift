import NIOCore
import ServiceLifecycle
import Synchronization

/// The feeds that somebody reads, and the one of all jobs, which is always there; and the places for readers.
final class Feeds: Service {
  private struct Entry {
    let feed: Feed
    let readiness = Readiness()
  }

  private struct State {
    var entries: [Int64?: Entry] = [:]
    var readers = 0
    var isStopped = false
  }

  private let daemon: DaemonSocket
  private let loops: [any EventLoop]
  private let maximumReaders: Int
  private let metrics: Metrics
  private let state = Mutex(State())
  private let begun: AsyncStream<Entry>
  private let begin: AsyncStream<Entry>.Continuation

  init(daemon: DaemonSocket, loops: [any EventLoop], maximumReaders: Int, metrics: Metrics) {
    self.daemon = daemon
    self.loops = loops
    self.maximumReaders = maximumReaders
    self.metrics = metrics
    (begun, begin) = AsyncStream.makeStream(of: Entry.self)
  }

  var readers: Int { state.withLock { $0.readers } }

  /// Takes a place for a reader. Throws when all are taken: those who read are not disturbed.
  func takePlace() throws {
    let isFree = state.withLock { state in
      guard state.readers < maximumReaders else { return false }
      state.readers += 1
      return true
    }
    if !isFree { throw HTTPError.tooManyReaders }
  }

  func freePlace() { state.withLock { $0.readers -= 1 } }

  /// The feed of a job, ready to be joined. Throws a `HTTPError`: there is no such job, or no daemon.
  func feed(of job: Int64?) async throws -> Feed {
    let entry = try entry(of: job)
    try await entry.readiness.wait()
    return entry.feed
  }

  private func entry(of job: Int64?) throws -> Entry {
    let (entry, isNew) = try state.withLock { state in
      if let entry = state.entries[job] { return (entry, false) }
      guard !state.isStopped else { throw HTTPError.daemonUnreachable }
      let feed = Feed(job: job, loops: loops, metrics: metrics) { [weak self] in self?.freePlace() }
      let entry = Entry(feed: feed)
      state.entries[job] = entry
      return (entry, true)
    }
    if isNew { begin.yield(entry) }
    return entry
  }

  /// Keeps the feeds filled until the group stops.
  func run() async throws {
    _ = try entry(of: nil)
    await withDiscardingTaskGroup { group in
      for await entry in begun.cancelOnGracefulShutdown() {
        group.addTask { await self.fill(entry) }
      }
      state.withLock { $0.isStopped = true }
      group.cancelAll()
    }
  }

  private func fill(_ entry: Entry) async {
    await Subscription(feed: entry.feed, daemon: daemon, metrics: metrics, readiness: entry.readiness).run()
    // Those who still wait for it.
    entry.readiness.refuse(.daemonUnreachable)
    state.withLock { $0.entries[entry.feed.job] = nil }
    entry.feed.end()
  }
}
