import Files
import Foundation
import Model
import Stages
import Store

/// `--check-config`: makes every stage, on a store that is thrown away.
enum ConfigurationCheck {
  static func run(_ configuration: Configuration, _ folders: Folders) throws {
    let folder = NSTemporaryDirectory() + "/invoiced-check-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try Store(path: folder + "/store.db", time: .system)
    defer { try? store.close() }
    _ = try Wiring(configuration: configuration, folders: folders, store: store, time: .system).pipelines()
  }
}
