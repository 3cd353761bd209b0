import Control
import Foundation
import NIOPosix
import Synchronization

/// An `EchoService` on a socket of its own, for the length of one test.
struct TestServer: Sendable {
  let path: String
  let service: EchoService
  let group: MultiThreadedEventLoopGroup
  let server: VarlinkServer
  /// Methods whose errors were reported.
  let failures: Failures

  final class Failures: Sendable {
    private let methods = Mutex<[String]>([])
    var all: [String] { methods.withLock { $0 } }
    func add(_ method: String) { methods.withLock { $0.append(method) } }
  }

  static let identity = VarlinkIdentity(
    vendor: "invoiced", product: "test", version: "1", url: "https://example.org/")

  static func with(
    limits: VarlinkLimits = VarlinkLimits(), budget: ReplyBudget = ReplyBudget(),
    _ body: @Sendable @escaping (TestServer) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "control-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let path = folder.appending(path: "s").path
    let service = EchoService()
    let failures = Failures()
    let server = try await VarlinkServer.listen(
      on: .path(path), services: [service], identity: identity, limits: limits, budget: budget,
      group: group
    ) { method, _ in failures.add(method) }
    let this = TestServer(path: path, service: service, group: group, server: server, failures: failures)
    let result = await withTaskGroup { tasks in
      tasks.addTask { await server.run() }
      let result: Result<Void, any Error>
      do { result = .success(try await body(this)) } catch { result = .failure(error) }
      tasks.cancelAll()
      return result
    }
    try await group.shutdownGracefully()
    try result.get()
  }

  func connect() async throws -> RawClient { try await RawClient(path: path, group: group) }

  func client() async throws -> VarlinkClient { try await VarlinkClient.connect(to: path, group: group) }
}

/// Waits until something holds; false after so long that no busy machine is the reason.
func eventually(_ condition: () async -> Bool) async -> Bool {
  let end = ContinuousClock.now.advanced(by: .seconds(40))
  while ContinuousClock.now < end {
    if await condition() { return true }
    try? await Task.sleep(for: .milliseconds(5))
  }
  return false
}

/// Resident memory of this process in bytes (proc(5), statm).
func residentMemory() throws -> Int {
  let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
  return (Int(text.split(separator: " ").dropFirst().first ?? "") ?? 0) * 4096
}
