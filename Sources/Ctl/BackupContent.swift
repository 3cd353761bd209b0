import Control
import Files

/// What a backup holds, by the bytes that arrived.
struct BackupContent: Sendable, Hashable {
  var sizeInBytes: Int
  /// 64 lower-case hexadecimal digits.
  var sha256: String
}

extension Context {
  /// Receives a copy of the store into a file or, without one, on standard output, and compares what arrived with what
  /// the daemon says of it.
  func receiveBackup(into file: () throws -> BackupFile?) async throws -> BackupContent {
    let daemon = try await connect()
    let file = try file()
    var hasher = SHA256Hasher()
    var size = 0
    var last: JobsInterface.Backup.Reply?
    for try await reply in try await daemon.stream(JobsInterface.Backup.self, Empty()) {
      let content = reply.parameters
      if let data = content.data {
        size += data.count
        hasher.update([UInt8](data))
        if let file { try file.write(data) } else { try Output.write(data) }
      } else if let expected = content.sizeInBytes, content.sha256 == nil {
        try file?.expect(sizeInBytes: expected)
      }
      last = content
    }
    let received = BackupContent(sizeInBytes: size, sha256: hasher.finish())
    guard let last, last.sizeInBytes == size, last.sha256 == received.sha256 else {
      throw Failure(.refused, "BackupDamaged", wording.backupDamaged)
    }
    try file?.finish()
    await daemon.close()
    return received
  }
}
