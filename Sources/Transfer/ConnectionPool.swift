import CCurl
import Model

/// A CURLM with its connections. Lives on the loop's thread.
final class ConnectionPool {
  // An opaque C handle, freed in deinit; nothing else keeps it but the queue, which is told before.
  let multi: UnsafeMutableRawPointer
  /// Requests since the beginning.
  private(set) var started = 0
  private var transfers: [UnsafeMutableRawPointer: ActiveTransfer] = [:]

  var running: Int { transfers.count }

  /// Nil: out of memory.
  init?() {
    guard let multi = curl_multi_init() else { return nil }
    self.multi = multi
    multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
  }

  deinit {
    for transfer in transfers.values { curl_multi_remove_handle(multi, transfer.easy) }
    curl_multi_cleanup(multi)
  }

  func add(_ transfer: ActiveTransfer) -> Bool {
    guard curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else { return false }
    started += 1
    transfers[transfer.easy] = transfer
    return true
  }

  func remove(_ transfer: ActiveTransfer) {
    guard transfers.removeValue(forKey: transfer.easy) != nil else { return }
    curl_multi_remove_handle(multi, transfer.easy)
  }

  /// Does what can be done without waiting; the transfers that have ended, with libcurl's codes.
  func perform() -> [(ActiveTransfer, CURLcode)] {
    var stillRunning: Int32 = 0
    curl_multi_perform(multi, &stillRunning)
    var ended: [(ActiveTransfer, CURLcode)] = []
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
        let transfer = transfers[easy]
      else { continue }
      // Before the handle is removed: the message is libcurl's, and gone then.
      let code = message_result(message)
      remove(transfer)
      ended.append((transfer, code))
    }
    return ended
  }

  /// Until a socket or a timer of libcurl wants something, a command arrives, or the time is over.
  func poll(_ pause: Duration) {
    let milliseconds = Int32(clamping: Int((pause.seconds * 1000).rounded(.up)))
    curl_multi_poll(multi, nil, 0, milliseconds, nil)
  }
}
