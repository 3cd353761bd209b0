import Foundation
import NIOCore

/// Splits a mail that arrives in pieces into header and body, and hashes it.
struct UploadWriter {
  private let file: URL
  private let output: FileHandle
  private var head: [UInt8] = []
  private var header: HeaderBlock?
  private var bytes = 0
  private let digest = SHA256Digest()

  init(folder: URL) throws(APIError) {
    file = folder.appending(path: Identifier.hex(8))
    do {
      try Data().write(to: file, options: .withoutOverwriting)
      output = try FileHandle(forWritingTo: file)
    } catch {
      throw .backend(error)
    }
  }

  /// Throws when the mail is no mail, or cannot be kept. What is beyond the limit is counted alone.
  mutating func write(_ piece: ByteBuffer) throws(APIError) {
    bytes += piece.readableBytes
    guard bytes <= Upload.maximumBytes else { return }
    piece.withUnsafeReadableBytes { digest.update($0) }
    if header != nil {
      try append(piece.withUnsafeReadableBytes { Data($0) })
    } else {
      head.append(contentsOf: piece.readableBytesView)
      try splitHeader()
    }
  }

  mutating func finish() throws(APIError) -> Upload {
    do { try output.close() } catch { throw .backend(error) }
    guard bytes <= Upload.maximumBytes else { throw .tooLarge }
    guard let header else { throw .malformedMail }
    return try Upload(header: header, body: file, bytes: bytes, sha256: digest.hexadecimal())
  }

  func abandon() {
    try? output.close()
    try? FileManager.default.removeItem(at: file)
  }

  private func append(_ data: Data) throws(APIError) {
    do { try output.write(contentsOf: data) } catch { throw .backend(error) }
  }

  private mutating func splitHeader() throws(APIError) {
    guard let end = HeaderBlock.end(in: head) else {
      if head.count > Upload.maximumHeaderBytes { throw .malformedMail }
      return
    }
    guard let block = HeaderBlock(head[..<end]) else { throw .malformedMail }
    try append(Data(head[end...]))
    header = block
    head = []
  }
}
