import Control
import Foundation
import Model
import NIOCore
import Synchronization

/// The events of one job, or of all: one subscription to the daemon, any number of readers.
///
/// Whatever readers are owed is put into their loops' queues under one lock, so that each gets the state as it joins and
/// then every later event, once.
final class Feed: Sendable {
  /// Nil: all jobs.
  let job: Int64?
  let metrics: Metrics
  private let groups: [ReaderGroup]
  private let state = Mutex<FeedState?>(nil)
  private let count = Atomic(0)
  private let daemonAnswers = Atomic(true)
  private let onLeave: @Sendable () -> Void

  /// - Parameter onLeave: called when a reader's place is free again.
  init(job: Int64?, loops: [any EventLoop], metrics: Metrics, onLeave: @escaping @Sendable () -> Void) {
    self.job = job
    self.metrics = metrics
    self.onLeave = onLeave
    groups = loops.map(ReaderGroup.init)
  }

  // MARK: Readers

  var readers: Int { count.load(ordering: .relaxed) }

  /// Nothing will come after this cursor: the job is finished, and its last event was seen.
  func hasNothing(after cursor: EventCursor) -> Bool {
    state.withLock { state in
      guard let state, state.job?.state.isFinished == true else { return false }
      return Self.missed(state, after: cursor)?.isEmpty == true
    }
  }

  /// Whether events after the cursor are older than what is kept here: the daemon's log may have them.
  func isMissing(_ cursor: EventCursor) -> Bool {
    guard case .after(let id) = cursor else { return false }
    return state.withLock { state in
      guard let state else { return false }
      return id.epoch == state.last.epoch && id.sequence < state.ring.start
    }
  }

  func join(_ reader: NIOLoopBound<Reader>, after cursor: EventCursor) {
    count.add(1, ordering: .relaxed)
    state.withLock { state in
      guard var known = state else { return }
      group(of: reader).add(reader, Self.frames(&known, after: cursor), isLast: known.isOver)
      state = known
    }
  }

  func catchUp(_ reader: NIOLoopBound<Reader>) {
    metrics.snapshotForced()
    state.withLock { state in
      guard var known = state else { return }
      let snapshot = Frame.event("snapshot", id: known.last, json: known.snapshot(now: Date()))
      group(of: reader).catchUp(reader, snapshot, isLast: known.isOver)
      state = known
    }
  }

  func leave(_ reader: NIOLoopBound<Reader>) {
    count.subtract(1, ordering: .relaxed)
    group(of: reader).remove(reader)
    onLeave()
  }

  /// The place of a reader that was gone before it could join.
  func giveBack() { onLeave() }

  private func group(of reader: NIOLoopBound<Reader>) -> ReaderGroup {
    groups.first { $0.has(reader) } ?? groups[0]
  }

  private static func frames(_ state: inout FeedState, after cursor: EventCursor) -> [ByteBuffer] {
    if let missed = missed(state, after: cursor) { return missed }
    let json = state.snapshot(now: Date())
    if case .snapshot = cursor { return [Frame.event("snapshot", id: state.last, json: json)] }
    return [Frame.event("reset", id: state.last, json: json)]
  }

  /// The events behind a cursor; nil: it cannot be used.
  private static func missed(_ state: FeedState, after cursor: EventCursor) -> [ByteBuffer]? {
    switch cursor {
    case .after(let id)
    where id.epoch == state.last.epoch && (state.ring.start...state.last.sequence).contains(id.sequence):
      state.ring.after(id.sequence)
    case .replayed(let id) where id.epoch == state.last.epoch: state.ring.after(max(id.sequence, state.ring.start))
    default: nil
    }
  }

  // MARK: The daemon's side

  /// The newest event that readers have; nil: nothing is known yet.
  var last: EventID? { state.withLock { $0?.last } }

  var isFinished: Bool { state.withLock { $0?.job?.state.isFinished == true } }

  /// The present state: the first of all, or one that replaces everything because events are missing.
  func reset(job: Job?, last: EventID, recent: [Event]) {
    state.withLock { state in
      var known = FeedState(job: job, last: last, recent: recent)
      if state != nil {
        let frame = Frame.event("reset", id: last, json: known.snapshot(now: Date()))
        for group in groups { group.write(frame) }
      }
      state = known
    }
  }

  func publish(_ event: Event, json: Data) {
    let frame = Frame.event(event, json: json)
    state.withLock { state in
      guard state?.take(event, frame) == true else { return }
      for group in groups { group.write(frame) }
    }
    if job == nil { metrics.published(event) }
  }

  /// The job is finished: nothing more comes, and the readers may go.
  func end() {
    state.withLock { state in
      state?.isOver = true
      for group in groups { group.forEach { $0.finish() } }
    }
  }

  /// Tells readers at once that the daemon went away, or is back.
  func tell(daemonAnswers: Bool) {
    self.daemonAnswers.store(daemonAnswers, ordering: .relaxed)
    ping()
  }

  /// A sign of life, with whether the daemon answers.
  func ping() {
    let frame = Frame.ping(daemon: daemonAnswers.load(ordering: .relaxed))
    let now = ContinuousClock.now
    state.withLock { _ in
      for group in groups {
        group.write(frame)
        group.forEach { $0.finishIfOld(now) }
      }
    }
  }
}
