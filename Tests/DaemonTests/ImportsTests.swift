import Control
import Files
import Import
import Model
import Store
import TestSupport
import Testing

@testable import Daemon

@Suite("Imports at the same time", .timeLimit(.minutes(1)))
struct ImportsTests {
  @Test("imports that got nothing for a minute leave room for others, and one that goes on keeps its place")
  func idle() async throws {
    let (clock, folder) = (TurnedTime(), try TemporaryFolder())
    let store = try Store(path: folder.path + "/store.db", time: clock.time)
    let imports = Imports(store: store, time: clock.time)
    let check = FileCheck(roots: FileRoots(roots: [], forbidden: []))
    func begin(_ connection: UInt64) async throws -> String {
      let parser = ManifestParser(format: .csv, folder: folder.path, mapping: HeaderMapping())
      return try await imports.begin(parser, check, connection: connection)
    }

    var ids: [String] = []
    for connection in UInt64(1)...16 { ids.append(try await begin(connection)) }
    clock.turn(by: .seconds(59))
    let used = try await imports.find(ids[3], connection: 4)
    try await used.using { try await used.add("number;cct;period;file;to\n") }
    await #expect(throws: Imports.TooMany.self) { try await begin(17) }

    clock.turn(by: .seconds(2))
    for connection in UInt64(17)...31 { _ = try await begin(connection) }
    await #expect(throws: Imports.TooMany.self) { try await begin(32) }
    _ = try await imports.find(ids[3], connection: 4)
    await #expect(throws: VarlinkError.noSuchImport(ids[0])) { try await imports.find(ids[0], connection: 1) }
    try store.close()
  }
}
