import TestSupport

/// When the daemon is killed, counted from a moment at which it is up.
enum KillMoment: Sendable, CustomStringConvertible {
  /// Any time.
  case after(Duration)
  /// The sandbox writes a call down just before its answer leaves. After `drafts.create` come the answer, the commit of
  /// `sending` and the send; after `drafts.send` the answer, the commit of the outcome; `drafts.get` and
  /// `profile` are looks at unknown attempts.
  case call(String, count: Int, delay: Duration)
  /// A mail went out, and the answer has half of the sandbox's latency to go.
  case delivered(count: Int, delay: Duration)
  /// A write into the database's log: in the middle of a commit, or before its fsync has ended and its waiters know.
  case write(count: Int)
  /// An outcome was committed and is told.
  case event(count: Int, delay: Duration)

  /// - Parameter latency: of the sandbox, in milliseconds.
  static func draw(_ random: inout SeededGenerator, concurrency: Int, latency: Int) -> KillMoment {
    let count = Int.random(in: 1...(2 + concurrency), using: &random)
    // Half of them at once: right behind the step, before anything else happens.
    let delay = random.isOne(in: 2) ? .zero : random.milliseconds(0...latency)
    switch Int.random(in: 0..<13, using: &random) {
    case 0, 1: return .after(random.milliseconds(0...1000))
    case 2, 3: return .call("drafts.create", count: count, delay: delay)
    case 4, 5: return .call("drafts.send", count: count, delay: delay)
    case 6: return .call("drafts.get", count: 1 + count % 3, delay: delay)
    case 7, 8: return .delivered(count: count, delay: random.isOne(in: 2) ? .zero : delay)
    case 9, 10, 11: return .write(count: Int.random(in: 1...(40 * concurrency), using: &random))
    default: return .event(count: count, delay: .microseconds(Int.random(in: 0...5000, using: &random)))
    }
  }

  /// Without its numbers.
  var kind: String {
    switch self {
    case .after: "any time"
    case .call(let call, _, _): call
    case .delivered: "delivered"
    case .write: "write"
    case .event: "event"
    }
  }

  var description: String {
    switch self {
    case .after(let duration): "after \(duration)"
    case .call(let call, let count, let delay): "\(call) \(count) + \(delay)"
    case .delivered(let count, let delay): "delivered \(count) + \(delay)"
    case .write(let count): "write \(count)"
    case .event(let count, let delay): "event \(count) + \(delay)"
    }
  }
}
