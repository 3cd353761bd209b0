import Control
import Logging
import Model
import ServiceLifecycle
import Store
import Systemd

/// Writes what happens into the journal, and the present state into `systemctl status`, from the event log like every
/// other watcher.
struct EventJournal: Service {
  private static let batch = 256

  /// What the status line needs of a job.
  private struct Progress {
    var counts: Counts
    var wait: Wait?
  }

  let store: Store
  let current: CurrentConfiguration
  let notify: Notify
  let time: Time
  /// The last event before this daemon's own.
  let after: Int64

  func run() async throws {
    var last = after
    var jobs: [Int64: Progress] = [:]
    for job in try await store.unfinishedJobs() { jobs[job.id] = Progress(counts: job.counts, wait: job.wait) }
    notify.status(status(jobs))
    for await _ in store.newEvents.listen().cancelOnGracefulShutdown() {
      // A store in trouble is the runner's to tell of.
      while (try? await write(after: &last, &jobs)) == nil, !Task.isShuttingDownGracefully {
        try? await time.sleep(Store.troubleLook)
      }
    }
    // What the last sends left.
    try await write(after: &last, &jobs)
  }

  private func write(after last: inout Int64, _ jobs: inout [Int64: Progress]) async throws {
    while true {
      let entries = try await store.events(job: nil, after: last, limit: Self.batch)
      for entry in entries {
        last = entry.sequence
        let event = try entry.event()
        jobs[event.job] = event.kind == .complete ? nil : Progress(counts: event.counts, wait: event.wait)
        write(event)
      }
      if !entries.isEmpty { notify.status(status(jobs)) }
      if entries.count < Self.batch { return }
    }
  }

  /// No address and no subject: the journal is read by more people than the invoices are.
  private func write(_ event: Event) {
    let label = event.kind == .progress ? "email" : "invoices"
    var metadata: Logger.Metadata = ["job": "\(event.job)", "message_id": "\(Self.id(of: event).rawValue)"]
    var level = Logger.Level.info
    if let delivery = event.delivery {
      metadata["delivery"] = "\(delivery.position)"
      switch delivery.state {
      case .failed: level = .error
      case .unknown: level = .warning
      default: break
      }
    }
    if event.kind == .paused, !(event.holds ?? []).isEmpty { level = .warning }
    if event.kind == .wait, event.wait != nil { level = .warning }
    Logger(label: label).log(level: level, "\(current.value.sentences.journalLine(of: event))", metadata: metadata)
  }

  private static func id(of event: Event) -> MessageID {
    switch event.kind {
    case .start: .jobStarted
    case .paused: (event.holds ?? []).isEmpty ? .holdRemoved : .held
    case .wait: event.wait == nil ? .waitEnded : .senderWaits
    case .complete: event.state == .cancelled ? .jobCancelled : .jobCompleted
    case .progress:
      switch event.delivery?.state {
      case .failed: .deliveryFailed
      case .unknown: .deliveryUnknown
      case .skipped, .cancelled: .deliveryDropped
      default: .deliverySent
      }
    }
  }

  /// One line: "1 job running, 34/50", and behind it what the first sender waits for.
  private func status(_ jobs: [Int64: Progress]) -> String {
    if jobs.isEmpty { return "idle" }
    let (done, total) = jobs.values.reduce((0, 0)) { ($0.0 + $1.counts.processed, $0.1 + $1.counts.total) }
    let line = "\(jobs.count) job\(jobs.count == 1 ? "" : "s") running, \(done)/\(total)"
    guard let wait = jobs.values.lazy.compactMap(\.wait).first else { return line }
    return line + (wait.until.map { ", waits until \(ClockTime.text(of: $0, seen: time.now()))" } ?? ", waits")
  }
}
