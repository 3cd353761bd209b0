import Control
import Files
import Foundation
import Model

extension ControlService {
  /// The size, the bytes in pieces, and the digest of all of them. A client that leaves ends it.
  func backup(_ call: VarlinkCall) async throws {
    guard !stopping.isSet else { throw VarlinkError.shuttingDown }
    do {
      try await backups.alone {
        let person = await person(call)
        let file = try await backups.make(for: person)
        let digest = try await IOThread.run { () throws(FileAccessError) in try file.sha256() }
        try await call.reply(JobsInterface.Backup.Reply(sizeInBytes: file.sizeInBytes), continues: true)
        var offset = 0
        while offset < file.sizeInBytes {
          try Task.checkCancellation()
          let start = offset
          let piece = try await IOThread.run { () throws(FileAccessError) in try file.piece(at: start) }
          try await call.reply(JobsInterface.Backup.Reply(data: piece), continues: true)
          offset += piece.count
        }
        try await call.reply(JobsInterface.Backup.Reply(sizeInBytes: file.sizeInBytes, sha256: digest))
        log.notice("\(person.name) took a copy of the store, \(file.sizeInBytes) bytes")
      }
    } catch let error as FileAccessError {
      throw VarlinkError.storeUnavailable("\(error.path): \(error.text)")
    } catch is CancellationError where stopping.isSet {
      throw VarlinkError.shuttingDown
    }
  }
}

extension OpenFile {
  /// At most as many bytes as one reply carries. Throws `.fileChanged` where the file ends.
  fileprivate func piece(at offset: Int) throws(FileAccessError) -> Data {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: JobsInterface.Backup.maximumDataSizeInBytes, alignment: 16)
    defer { buffer.deallocate() }
    let count = try read(into: buffer, at: offset)
    guard count > 0 else { throw FileAccessError(.fileChanged, path, "shorter than it was") }
    return Data(buffer[..<count])
  }
}
