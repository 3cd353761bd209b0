import CCurl
import Foundation
import Model

/// A request that libcurl is working on: the easy handle, and what its callbacks read and write.
///
/// Lives on the loop's thread; libcurl calls back on that thread alone.
final class ActiveTransfer {
  let id: UInt64
  let request: TransferRequest
  // An opaque C handle; freed in deinit, after the pool has let go of it.
  let easy: UnsafeMutableRawPointer
  // libcurl writes its words here for as long as the handle lives (CURLOPT_ERRORBUFFER(3)).
  let errorText: UnsafeMutablePointer<CChar>
  // libcurl reads the list until the transfer has ended, and copies nothing of it.
  var headerList: UnsafeMutablePointer<curl_slist>?
  var upload: Upload?
  var answer = Answer()
  private var progressAt = ContinuousClock.now
  private let continuation: CheckedContinuation<Result<TransferResponse, TransferError>, Never>

  private init(_ pending: PendingTransfer, _ easy: UnsafeMutableRawPointer) {
    id = pending.id
    request = pending.request
    continuation = pending.continuation
    self.easy = easy
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headerList)
    errorText.deallocate()
  }

  /// Does not answer the continuation itself.
  static func make(
    _ pending: PendingTransfer, _ options: TransferOptions
  ) -> Result<ActiveTransfer, TransferError> {
    guard let easy = curl_easy_init() else {
      return .failure(TransferError(.curl(27), "no memory for a request", mayHaveArrived: false))
    }
    let transfer = ActiveTransfer(pending, easy)
    do throws(TransferError) {
      try transfer.setUp(options)
    } catch {
      return .failure(error)
    }
    return .success(transfer)
  }

  /// When the request is given up for want of progress (`TransferRequest.Deadline.stall`).
  var stallsAt: ContinuousClock.Instant? {
    if case .stall(let duration) = request.deadline { progressAt + duration } else { nil }
  }

  /// A piece of the body was taken to be sent.
  func noteProgress() { progressAt = .now }

  func finish(_ result: Result<TransferResponse, TransferError>) { continuation.resume(returning: result) }

  func result(of code: CURLcode) -> Result<TransferResponse, TransferError> {
    if code == CURLE_OK, let status = answer.status {
      return .success(
        TransferResponse(status: status, headers: answer.headers, body: answer.body, version: version))
    }
    if let failure = upload?.failure {
      return .failure(error(.body(failure), "the mail could not be read: \(failure.detail)"))
    }
    if answer.isTooLarge { return .failure(error(.answerTooLarge, "the answer is too large")) }
    let words = String(cString: errorText)
    return .failure(
      error(.curl(Int32(code.rawValue)), words.isEmpty ? String(cString: curl_easy_strerror(code)) : words))
  }

  func error(_ cause: TransferError.Cause, _ text: String) -> TransferError {
    TransferError(cause, text, mayHaveArrived: mayHaveArrived, status: answer.status)
  }

  private var mayHaveArrived: Bool {
    if let upload, upload.sizeInBytes > 0 { return upload.hasBegun }
    return getLong(CURLINFO_REQUEST_SIZE) > 0
  }

  private var version: TransferResponse.HTTPVersion {
    getLong(CURLINFO_HTTP_VERSION) >= CURL_HTTP_VERSION_2_0 ? .http2 : .http1
  }

  private func getLong(_ info: CURLINFO) -> Int {
    var value = 0
    easy_get_long(easy, info, &value)
    return value
  }
}
