import Files
import Model

/// An encoded mail: headers and texts in memory, attachments by their open files.
package struct MailBody: Sendable {
  enum Segment: Sendable {
    case bytes([UInt8])
    /// The whole file in base64, and the digest that it must have.
    case base64(OpenFile, sha256: String)
  }

  let segments: [Segment]
  /// What a reader will hand out, exactly.
  package let sizeInBytes: Int

  init(_ segments: [Segment]) {
    self.segments = segments
    sizeInBytes = segments.reduce(0) { sum, segment in
      switch segment {
      case .bytes(let bytes): sum + bytes.count
      case .base64(let file, _): sum + Base64Lines.size(ofEncoded: file.sizeInBytes)
      }
    }
  }

  /// A reader of its own for one transfer, at the beginning.
  package func makeReader() -> MailReader { MailReader(self) }

  /// The digest of the whole mail: 64 lower-case hexadecimal digits. Reads all files: call it on `IOThread`.
  package func sha256() throws(StageError) -> String {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: MailReader.bufferSizeInBytes, alignment: 16)
    defer { buffer.deallocate() }
    let reader = makeReader()
    var hasher = SHA256Hasher()
    while true {
      let count = try reader.read(into: buffer)
      if count == 0 { return hasher.finish() }
      hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}
