import Files
import Foundation
import Model

/// Hands out an encoded mail piece by piece, in bounded memory, and proves that its files are still what they were.
///
/// For one transfer on one thread. Blocks while it reads files.
package final class MailReader {
  /// Whole base64 lines at a time: 420 of them are 23,940 bytes of a file, and just under 32 KiB of mail.
  private static let chunkSizeInBytes = Base64Lines.bytesPerLine * 420
  /// As much as a chunk makes.
  static let bufferSizeInBytes = 32 * 1024

  private let body: MailBody
  private let chunk: UnsafeMutableRawBufferPointer
  /// Index of the segment that is read next.
  private var segment = 0
  /// How far that segment's file has been read.
  private var offset = 0
  private var hasher = SHA256Hasher()
  private var pending: [UInt8] = []
  private var handedOut = 0
  private var failure: StageError?

  init(_ body: MailBody) {
    self.body = body
    chunk = .allocate(byteCount: Self.chunkSizeInBytes, alignment: 16)
  }

  deinit { chunk.deallocate() }

  /// Fills the buffer as far as there is something; 0 is the end.
  ///
  /// Throws `.fileChanged` when a file has another size or digest than at the encoding, before its last bytes are
  /// handed out: the other side never gets a whole mail with a wrong file in it. After an error only `rewind` helps.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(StageError) -> Int {
    if let failure { throw failure }
    var count = 0
    while count < buffer.count {
      if handedOut == pending.count {
        guard try fill() else { break }
      }
      let piece = min(buffer.count - count, pending.count - handedOut)
      pending.withUnsafeBytes { pending in
        UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: pending[handedOut..<(handedOut + piece)]))
      }
      handedOut += piece
      count += piece
    }
    return count
  }

  /// Begins again.
  package func rewind() {
    failure = nil
    segment = 0
    beginSegment()
    pending.removeAll(keepingCapacity: true)
    handedOut = 0
  }

  /// Replaces `pending`, which has been handed out; false at the end.
  private func fill() throws(StageError) -> Bool {
    handedOut = 0
    pending.removeAll(keepingCapacity: true)
    while pending.isEmpty {
      guard segment < body.segments.count else { return false }
      switch body.segments[segment] {
      case .bytes(let bytes):
        pending = bytes
        segment += 1
        beginSegment()
      case .base64(let file, let sha256):
        try fill(from: file, sha256)
      }
    }
    return true
  }

  private func fill(from file: OpenFile, _ sha256: String) throws(StageError) {
    do throws(FileAccessError) {
      let count = try file.read(into: chunk, at: offset)
      let bytes = UnsafeRawBufferPointer(rebasing: chunk[..<count])
      hasher.update(bytes)
      if offset > 0 && count > 0 { pending += [13, 10] }
      pending += Base64Lines.encode(Data(bytes))
      offset += count
      if offset < file.sizeInBytes && count == chunk.count { return }
      let digest = finishHash()
      guard offset == file.sizeInBytes, digest == sha256, try file.ends(at: offset) else {
        throw FileAccessError(.fileChanged, file.path, "has changed since it was selected")
      }
    } catch {
      // What was read last must not be handed out by another call.
      pending.removeAll(keepingCapacity: true)
      failure = error.stageError
      throw error.stageError
    }
    segment += 1
    beginSegment()
  }

  private func finishHash() -> String {
    var finished = SHA256Hasher()
    swap(&finished, &hasher)
    return finished.finish()
  }

  private func beginSegment() {
    offset = 0
    hasher = SHA256Hasher()
  }
}
