import CCurl
import Foundation
import Glibc

/// The loop itself: everything here runs on its one thread.
final class LoopThread {
  /// How long to sleep when nothing has a nearer deadline; a command ends it at once.
  private static let idle = Duration.seconds(60)
  /// While connections that were given up finish their last requests, only the new ones' sockets are polled.
  private static let idleWhileRetiring = Duration.milliseconds(20)

  private let options: TransferOptions
  private let queue: CommandQueue
  private var connections: ConnectionPool?
  /// Pools given up, each with requests still running; at most as many as one stall takes to end.
  private var retired: [ConnectionPool] = []
  private var transfers: [UInt64: ActiveTransfer] = [:]

  init(_ options: TransferOptions, _ queue: CommandQueue) {
    self.options = options
    self.queue = queue
  }

  func run() {
    blockSignals()
    renew()
    var isStopping = false
    while !(isStopping && transfers.isEmpty) {
      let work = queue.take()
      for command in work.commands {
        switch command {
        case .start(let pending): start(pending)
        case .cancel(let id): abort(id, .cancelled, "cancelled")
        }
      }
      if work.isStopping, !isStopping {
        isStopping = true
        for (id, transfer) in transfers where transfer.request.hearsCancellation {
          abort(id, .shutDown, "the transfer loop was shut down")
        }
      }
      drive()
      if isStopping && transfers.isEmpty { break }
      connections?.poll(pause())
    }
    queue.poll(at: nil)
    connections = nil
    retired = []
    queue.end()
  }

  private func start(_ pending: PendingTransfer) {
    if let connections, connections.started >= options.requestsPerConnection { renew() }
    guard let connections else {
      pending.continuation.resume(
        returning: .failure(TransferError(.curl(27), "no memory for a connection", mayHaveArrived: false)))
      return
    }
    switch ActiveTransfer.make(pending, options) {
    case .success(let transfer):
      guard connections.add(transfer) else {
        transfer.finish(.failure(transfer.error(.curl(27), "libcurl refused the request")))
        return
      }
      transfers[pending.id] = transfer
    case .failure(let error):
      pending.continuation.resume(returning: .failure(error))
    }
  }

  /// Lets libcurl work, and answers what has ended.
  private func drive() {
    for pool in retired + [connections].compactMap({ $0 }) {
      for (transfer, code) in pool.perform() {
        transfers[transfer.id] = nil
        transfer.finish(transfer.result(of: code))
      }
    }
    retired.removeAll { $0.running == 0 }
    let now = ContinuousClock.now
    for (id, transfer) in transfers where transfer.stallsAt.map({ $0 <= now }) ?? false {
      abort(id, .stalled, "no progress with \(transfer.request.url.description) for too long")
    }
  }

  private func abort(_ id: UInt64, _ cause: TransferError.Cause, _ text: String) {
    guard let transfer = transfers.removeValue(forKey: id) else { return }
    for pool in retired + [connections].compactMap({ $0 }) { pool.remove(transfer) }
    transfer.finish(.failure(transfer.error(cause, text)))
  }

  private func pause() -> Duration {
    var pause = retired.isEmpty ? Self.idle : Self.idleWhileRetiring
    let now = ContinuousClock.now
    for transfer in transfers.values {
      if let at = transfer.stallsAt { pause = min(pause, max(.zero, now.duration(to: at))) }
    }
    return pause
  }

  /// Gives up the connections; running requests finish on them.
  private func renew() {
    if let connections, connections.running > 0 { retired.append(connections) }
    let new = ConnectionPool()
    queue.poll(at: new?.multi)
    connections = new
  }

  /// Signals are for the main thread. SIGPIPE above all: OpenSSL writes with write(2), and CURLOPT_NOSIGNAL leaves it
  /// to us.
  private func blockSignals() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
  }
}
