import Foundation

/// What a process did to the files of some folders, in order, as disk.c writes it down.
struct DiskTrace {
  enum Operation: Equatable {
    case create(String)
    case write(String, offset: Int, Data)
    case truncate(String, size: Int)
    /// The number tells which end belongs to which beginning.
    case syncBegins(String, number: UInt32)
    case syncEnds(String, number: UInt32)
    case rename(from: String, to: String)
    case unlink(String)
    /// Plain text on its way to the sender.
    case send(String)
  }

  let operations: [Operation]

  /// A record that a kill cut off is left out, with whatever follows.
  init(_ file: URL) throws {
    let bytes = [UInt8](try Data(contentsOf: file))
    var operations: [Operation] = []
    var position = 0
    func number<T: FixedWidthInteger>(_ type: T.Type, at offset: Int) -> T {
      bytes.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: position + offset, as: type)) }
    }
    let headSize = 24
    while position + headSize <= bytes.count {
      let (kind, pathSize, dataSize) = (
        number(UInt32.self, at: 0), Int(number(UInt32.self, at: 4)), Int(number(UInt32.self, at: 8))
      )
      let (sync, offset) = (number(UInt32.self, at: 12), Int(number(Int64.self, at: 16)))
      let (start, end) = (position + headSize, position + headSize + pathSize + dataSize)
      guard end <= bytes.count else { break }
      let path = String(decoding: bytes[start..<(start + pathSize)], as: UTF8.self)
      let data = Data(bytes[(start + pathSize)..<end])
      operations.append(try Self.operation(kind, path, data, offset, sync))
      position = end
    }
    self.operations = operations
  }

  private static func operation(
    _ kind: UInt32, _ path: String, _ data: Data, _ offset: Int, _ sync: UInt32
  ) throws -> Operation {
    switch kind {
    case 1: return .create(path)
    case 2: return .write(path, offset: offset, data)
    case 3: return .truncate(path, size: offset)
    case 4: return .syncBegins(path, number: sync)
    case 5: return .syncEnds(path, number: sync)
    case 6: return .rename(from: path, to: String(decoding: data, as: UTF8.self))
    case 7: return .unlink(path)
    case 8: return .send(String(decoding: data, as: UTF8.self))
    default: throw CocoaError(.fileReadCorruptFile)
    }
  }
}
