import Foundation

/// A folder that is there as long as this value.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    let path = NSTemporaryDirectory() + "/invoiced-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    self.path = path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
