import Foundation
import GRDB
import TestSupport

/// Databases as the daemons of releases left them: `Tests/Fixtures/stores/VERSION.sql`. One is added with each release
/// whose schema is a new one, and none is ever changed.
enum StoreFixture {
  private static let folder = Repository.path("Tests/Fixtures/stores")

  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().map {
    ($0 as NSString).deletingPathExtension
  }

  /// Makes the database where nothing is, with the mark that daemons since schema 2 keep beside it.
  static func make(_ name: String, at path: String) throws {
    let dump = try String(contentsOfFile: "\(folder)/\(name).sql", encoding: .utf8)
    try sql(dump, on: path)
    let mark = """
      SELECT json_object('epoch', epoch, 'inode', \(try inode(of: path)), 'store', identity) FROM store
      """
    guard try value(Int.self, "SELECT count(*) FROM grdb_migrations", of: path) ?? 0 > 1 else { return }
    try value(String.self, mark, of: path)?.write(
      toFile: (path as NSString).deletingLastPathComponent + "/epoch", atomically: true, encoding: .utf8)
  }

  private static func inode(of path: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int ?? 0
  }

  /// As another program would, and without looking at what belongs together.
  static func sql(_ statements: String, on path: String) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let file = try DatabaseQueue(path: path, configuration: configuration)
    try file.writeWithoutTransaction { try $0.execute(sql: statements) }
    try file.close()
  }

  /// The first column of the first row.
  static func value<T: DatabaseValueConvertible>(_ type: T.Type, _ sql: String, of path: String) throws -> T? {
    let file = try DatabaseQueue(path: path)
    defer { try? file.close() }
    return try file.read { try T.fetchOne($0, sql: sql) }
  }
}
