import Foundation

/// What has arrived of an answer.
struct Answer {
  /// The final status; nil until its line was read (1xx is not final).
  private(set) var status: Int?
  private(set) var headers: [(name: String, value: String)] = []
  private(set) var body = Data()
  private(set) var isTooLarge = false
  private var headerSizeInBytes = 0

  /// One header line, as libcurl passes it on: status lines too, and an empty one at the end.
  ///
  /// False: over the bound.
  mutating func append(header bytes: UnsafeRawBufferPointer) -> Bool {
    headerSizeInBytes += bytes.count
    guard headerSizeInBytes <= TransferResponse.maximumHeaderSizeInBytes else {
      isTooLarge = true
      return false
    }
    let line = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    if line.hasPrefix("HTTP/") {
      let code = line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
      status = code.flatMap { $0 >= 200 ? $0 : nil }
      headers = []
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      headers.append((String(line[..<colon]), value))
    }
    return true
  }

  /// False: over the bound.
  mutating func append(body bytes: UnsafeRawBufferPointer) -> Bool {
    guard body.count + bytes.count <= TransferResponse.maximumBodySizeInBytes else {
      isTooLarge = true
      return false
    }
    body.append(contentsOf: bytes)
    return true
  }
}
