import CCurl
import Foundation
import Model

extension ActiveTransfer {
  /// Sets every option of the easy handle; they are described in curl_easy_setopt(3).
  func setUp(_ options: TransferOptions) throws(TransferError) {
    let url = request.url
    try check(easy_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_PROTOCOLS_STR, url.isEncrypted ? "https" : "http")
    try set(CURLOPT_URL, url.description)
    if url.isLoopback { try set(CURLOPT_NOPROXY, "*") }
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_SSL_VERIFYPEER, 1)
    try set(CURLOPT_SSL_VERIFYHOST, 2)
    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let caFile = options.caFile {
      try set(CURLOPT_CAINFO, caFile)
      try check(easy_set_text(easy, CURLOPT_CAPATH, nil))
    }
    try set(CURLOPT_HTTP_VERSION, options.usesHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)
    // One connection with many streams, instead of one for each request that comes before the first answer.
    try set(CURLOPT_PIPEWAIT, options.usesHTTP2 ? 1 : 0)
    try set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.wholeMilliseconds)
    if case .total(let duration) = request.deadline { try set(CURLOPT_TIMEOUT_MS, duration.wholeMilliseconds) }
    try setMethodAndBody()
    try setHeaders()
    try setCallbacks()
  }

  private func setMethodAndBody() throws(TransferError) {
    upload = Upload(request)
    switch request.method {
    case .get: try set(CURLOPT_HTTPGET, 1)
    case .delete: try set(CURLOPT_CUSTOMREQUEST, "DELETE")
    case .post:
      try set(CURLOPT_POST, 1)
      // The length alone, without CURLOPT_POSTFIELDS: the bytes come from the callback, also when there are few.
      try check(easy_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(upload?.sizeInBytes ?? 0)))
    }
  }

  private func setHeaders() throws(TransferError) {
    // No `Expect: 100-continue`: a round trip for nothing.
    for header in request.headers + [("Expect", "")] {
      let line = header.value.isEmpty ? "\(header.name):" : "\(header.name): \(header.value)"
      let isClean = line.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
      guard isClean, let longer = curl_slist_append(headerList, line) else {
        throw TransferError(.curl(43), "the header \(header.name) cannot be sent", mayHaveArrived: false)
      }
      headerList = longer
    }
    try check(easy_set_list(easy, CURLOPT_HTTPHEADER, headerList))
  }

  private func setCallbacks() throws(TransferError) {
    // Not retained: the pool keeps this object until libcurl has let go of the handle.
    let context = Unmanaged.passUnretained(self).toOpaque()
    try check(easy_set_read(easy, readBody, seekBody, context))
    try check(easy_set_write(easy, takeHeader, takeBody, context))
  }

  private func set(_ option: CURLoption, _ value: Int) throws(TransferError) {
    try check(easy_set_long(easy, option, value))
  }

  private func set(_ option: CURLoption, _ value: String) throws(TransferError) {
    try check(easy_set_text(easy, option, value))
  }

  private func check(_ code: CURLcode) throws(TransferError) {
    guard code != CURLE_OK else { return }
    throw TransferError(
      .curl(Int32(code.rawValue)), String(cString: curl_easy_strerror(code)), mayHaveArrived: false)
  }
}

extension Duration {
  /// Rounded up, at least 1: 0 means "no bound" to libcurl.
  fileprivate var wholeMilliseconds: Int { max(1, Int((seconds * 1000).rounded(.up))) }
}

// The callbacks. libcurl calls them on the loop's thread, inside curl_multi_perform, with the buffer that it wants
// filled or read before they return; none of them waits for anything but a local file.

private func transfer(_ context: UnsafeMutableRawPointer?) -> ActiveTransfer? {
  context.map { Unmanaged<ActiveTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private func readBody(
  _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let buffer, let transfer = transfer(context), let upload = transfer.upload,
    let written = upload.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
  else { return Int(CURL_READFUNC_ABORT) }
  transfer.noteProgress()
  return written
}

private func seekBody(_ context: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
  guard offset == 0, origin == SEEK_SET, let upload = transfer(context)?.upload, upload.rewind() else {
    return CURL_SEEKFUNC_FAIL
  }
  return CURL_SEEKFUNC_OK
}

private func takeHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let transfer = transfer(context) else { return 0 }
  let isTaken = transfer.answer.append(header: UnsafeRawBufferPointer(start: bytes, count: size * count))
  return isTaken ? size * count : -1
}

private func takeBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let transfer = transfer(context) else { return 0 }
  let isTaken = transfer.answer.append(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
  return isTaken ? size * count : -1
}
