/// Outcomes per second over the last minute, so that a pause long ago does not slow the estimate down.
struct SpeedMeter: Sendable {
  /// Seconds that are looked at; the newest outcome before them counts as well, for jobs slower than that.
  static let window = 60.0

  private struct Sample: Sendable {
    var at: Double
    var processed: Int
  }

  /// At most one a second within the window, and one before it.
  private var samples: [Sample] = []
  /// When it stopped; nil: it runs.
  private var stoppedAt: Double?

  /// Nothing can have an outcome from now on, so that the speed stays what it is.
  mutating func stop(at now: Double) { stoppedAt = now }

  /// It goes on: the time since `stop` is left out.
  mutating func goOn(at now: Double) {
    guard let stoppedAt else { return }
    for index in samples.indices { samples[index].at = min(now, samples[index].at + now - stoppedAt) }
    self.stoppedAt = nil
  }

  /// - Parameter at: seconds on any clock that does not go back.
  mutating func note(processed: Int, at: Double) {
    if let last = samples.last, processed == last.processed { return }
    if let last = samples.last, processed < last.processed { samples = [] }  // reopened by `retry`
    if samples.count > 1, let last = samples.last, at - last.at < 1, last.at - samples[samples.count - 2].at < 1 {
      samples[samples.count - 1].processed = processed
      samples[samples.count - 1].at = at
    } else {
      samples.append(Sample(at: at, processed: processed))
    }
    while samples.count > 2, samples[1].at < at - Self.window { samples.removeFirst() }
  }

  /// Nil before there are two outcomes to compare.
  func speed(at now: Double) -> Double? {
    let now = stoppedAt ?? now
    guard let first = samples.first, let last = samples.last, last.processed > first.processed, now > first.at else {
      return nil
    }
    return Double(last.processed - first.processed) / (now - first.at)
  }
}
