import Foundation
import Mail
import Model

/// The body of a request, pulled by libcurl.
final class Upload {
  let sizeInBytes: Int
  /// Whether libcurl has taken a byte since the transfer began, rewinds included.
  private(set) var hasBegun = false
  private(set) var failure: StageError?
  private var source: Source
  private let body: TransferRequest.Body
  private let neverRepeat: Bool
  private var given = 0

  private enum Source {
    case bytes(Data)
    case mail(MailReader)
  }

  /// Nil for a request without a body.
  init?(_ request: TransferRequest) {
    switch request.body {
    case .none: return nil
    case .bytes(let data): sizeInBytes = data.count
    case .mail(let mail): sizeInBytes = mail.sizeInBytes
    }
    guard let source = Self.source(of: request.body) else { return nil }
    self.source = source
    body = request.body
    neverRepeat = request.neverRepeat
  }

  private static func source(of body: TransferRequest.Body) -> Source? {
    switch body {
    case .none: nil
    case .bytes(let data): .bytes(data)
    case .mail(let mail): .mail(mail.makeReader())
    }
  }

  /// The number of bytes written into `buffer`; nil aborts the request.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    // After the last byte libcurl asks again only for a repeat that it began without a rewind.
    if given >= sizeInBytes { return neverRepeat ? nil : 0 }
    do throws(StageError) {
      let count = try fill(buffer)
      guard count > 0 else { return nil }  // Shorter than it said: libcurl would wait for more until the deadline.
      hasBegun = true
      given += count
      return count
    } catch {
      failure = error
      return nil
    }
  }

  private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(StageError) -> Int {
    switch source {
    case .bytes(let data):
      let count = min(buffer.count, data.count - given)
      data.copyBytes(to: buffer, from: data.startIndex + given..<data.startIndex + given + count)
      return count
    case .mail(let reader):
      return try reader.read(into: buffer)
    }
  }

  /// Starts over, for a repeat; false when that must not be.
  func rewind() -> Bool {
    guard !neverRepeat || !hasBegun, let again = Self.source(of: body) else { return false }
    source = again
    given = 0
    return true
  }
}
