import Foundation

extension TemporaryFolder {
  /// Keeps the mark beside a store of this folder from being written, for root too, until it is unblocked. Returns what
  /// it says.
  package func blockMark() throws -> Data {
    let path = self("epoch")
    let mark = try Data(contentsOf: URL(filePath: path))
    try FileManager.default.removeItem(atPath: path)
    try makeFolder("epoch")
    return mark
  }

  /// - Parameter mark: what `blockMark` returned.
  package func unblockMark(_ mark: Data) throws {
    try FileManager.default.removeItem(atPath: self("epoch"))
    try mark.write(to: URL(filePath: self("epoch")))
  }
}
