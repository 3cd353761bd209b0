import CCurl
import Foundation
import Synchronization

/// Carries out HTTP requests: libcurl's multi interface on one thread of its own.
///
/// HTTPS with the certificate verified, or plain HTTP to a loopback address (`TrustedURL`); no redirects, no cookies,
/// no other protocol. The environment's `https_proxy` and `no_proxy` are honoured as curl(1) documents them, except
/// towards loopback addresses. The number of requests at a time is bounded by the callers, one task each.
package final class TransferLoop: Sendable {
  private let options: TransferOptions
  private let queue = CommandQueue()
  private let hasThread = Mutex(false)

  /// Starts nothing: the thread begins with the first request. One loop serves any number of hosts.
  package init(_ options: TransferOptions = TransferOptions()) { self.options = options }

  private func startThread() {
    let isFirst = hasThread.withLock { hasThread in
      defer { hasThread = true }
      return !hasThread
    }
    guard isFirst else { return }
    // Needed once in a process, before any other call; later ones only count (curl_global_init(3), thread-safe
    // since 7.84).
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    let thread = Thread { [options, queue] in LoopThread(options, queue).run() }
    thread.name = "transfer"
    thread.start()
  }

  deinit { queue.stop(nil) }

  /// Ends with the answer, or by the request's deadline, or at once when the task is cancelled and the request hears it.
  ///
  /// Any status is an answer, not an error.
  package func perform(_ request: TransferRequest) async -> Result<TransferResponse, TransferError> {
    // Before the request is queued: `shutdown` counts on it.
    startThread()
    let id = queue.newID()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.start(PendingTransfer(id: id, request: request, continuation: continuation))
        // Cancelled before it was queued: the handler below found nothing to cancel.
        if Task.isCancelled, request.hearsCancellation { queue.cancel(id) }
      }
    } onCancel: {
      if request.hearsCancellation { queue.cancel(id) }
    }
  }

  /// Refuses new requests, aborts those that hear cancellation, waits for the others, and ends the thread.
  package func shutdown() async {
    // What was queued before this has a thread; what comes later is refused.
    queue.stop(nil)
    let hadThread = hasThread.withLock { hasThread in
      defer { hasThread = true }
      return hasThread
    }
    if !hadThread { queue.end() }
    await withCheckedContinuation { queue.stop($0) }
  }
}

/// A request on its way to the thread.
struct PendingTransfer: Sendable {
  let id: UInt64
  let request: TransferRequest
  let continuation: CheckedContinuation<Result<TransferResponse, TransferError>, Never>
}

/// What holds for every request of a loop.
package struct TransferOptions: Sendable, Hashable {
  /// PEM file of the certificates to trust *instead of* the system's; nil: the system's.
  package var caFile: String?
  /// Offer HTTP/2 (ALPN); HTTP/1.1 is spoken where the server does not take it, and always when false.
  package var usesHTTP2 = true
  /// Requests until the connections are given up for new ones, between requests.
  ///
  /// Over HTTP/2 libcurl 7.88 resets a stream whose answer it has before the stream's end, and servers that guard against
  /// rapid resets (CVE-2023-44487) answer GOAWAY, which makes a send unclear: nghttp2 after 1,000 resets, swift-nio-http2
  /// after 200 within 30 seconds. Half of that costs a handshake per 50 mails.
  package var requestsPerConnection = 100

  package init(caFile: String? = nil, usesHTTP2: Bool = true, requestsPerConnection: Int = 100) {
    self.caFile = caFile
    self.usesHTTP2 = usesHTTP2
    self.requestsPerConnection = requestsPerConnection
  }
}
