import Control
import Foundation
import NIOPosix
import Testing

@Suite("The server's socket and its end", .timeLimit(.minutes(1)))
struct ServerTests {
  @Test("the socket file has the mode that was asked for, and goes with the server")
  func mode() async throws {
    try await Folder.with { folder, group in
      let path = folder + "/s"
      let server = try await listen(on: .path(path, mode: 0o600), group)
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      await server.close()
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("what a dead server left is replaced, a living one and a plain file are not")
  func staleSocket() async throws {
    try await Folder.with { folder, group in
      let path = folder + "/s"
      #expect(try bound(path) >= 0)
      let server = try await listen(on: .path(path), group)
      await #expect(throws: ListeningSocket.Failure.inUse(path)) { try await listen(on: .path(path), group) }
      await server.close()
      try "mine".write(toFile: path, atomically: false, encoding: .utf8)
      await #expect(throws: ListeningSocket.Failure.notASocket(path)) { try await listen(on: .path(path), group) }
      let long = folder + "/" + String(repeating: "x", count: 108)
      await #expect(throws: ListeningSocket.Failure.pathTooLong(long)) { try await listen(on: .path(long), group) }
    }
  }

  @Test("an inherited descriptor is served, and its file stays")
  func inherited() async throws {
    try await Folder.with { folder, group in
      let path = folder + "/s"
      let descriptor = try bound(path, andOpen: true)
      let server = try await listen(on: .descriptor(descriptor), group)
      try await withThrowingTaskGroup { tasks in
        tasks.addTask { await server.run() }
        let client = try await VarlinkClient.connect(to: path, group: group)
        #expect(try await client.call(Echo.self, .init(text: "a")) == .init(text: "a"))
        tasks.cancelAll()
      }
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("a cancelled server closes silent connections, lets a running call say a last word, and ends")
  func shutdown() async throws {
    try await Folder.with { folder, group in
      let path = folder + "/s"
      let server = try await listen(on: .path(path), group)
      try await withThrowingTaskGroup { tasks in
        tasks.addTask { await server.run() }
        let silent = try await RawClient(path: path, group: group)
        let half = try await RawClient(path: path, group: group)
        try await half.send("{")
        let waiting = try await RawClient(path: path, group: group)
        _ = try await waiting.ask(#"{"method":"io.invoiced.test.Wait","more":true}"#)
        tasks.cancelAll()
        try await #expect(waiting.next() == #"{"parameters":{"told":"goodbye"}}"#)
        try await #expect(waiting.next() == nil)
        try await #expect(silent.next() == nil)
        try await #expect(half.next() == nil)
      }
      await #expect(throws: VarlinkClient.Failure.unreachable(path: path, errno: ENOENT)) {
        try await VarlinkClient.connect(to: path, group: group)
      }
    }
  }

  @Test("a client that reads nothing does not keep a stopping server")
  func shutdownWithStuckClient() async throws {
    var limits = VarlinkLimits()
    limits.goodbye = .milliseconds(100)
    try await Folder.with { [limits] folder, group in
      let path = folder + "/s"
      let server = try await listen(on: .path(path), group, limits: limits)
      try await withThrowingTaskGroup { tasks in
        tasks.addTask { await server.run() }
        let stuck = try await RawClient(path: path, group: group)
        try await stuck.send(
          #"{"method":"io.invoiced.test.Flood","parameters":{"size":1000000},"more":true}"# + "\0")
        // The first reply is taken, the second one fills the kernel's buffers.
        try await #expect(stuck.next() != nil)
        tasks.cancelAll()
      }
    }
  }

  private func listen(
    on socket: ListeningSocket, _ group: MultiThreadedEventLoopGroup, limits: VarlinkLimits = VarlinkLimits()
  ) async throws -> VarlinkServer {
    try await VarlinkServer.listen(
      on: socket, services: [EchoService()], identity: TestServer.identity, limits: limits, group: group)
  }

  /// Binds a socket and leaves its file, as a server that died does; -1 when it could not.
  private func bound(_ path: String, andOpen stays: Bool = false) throws -> CInt {
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(result == 0)
    if !stays { close(descriptor) }
    return descriptor
  }
}

/// A folder and an event loop for the length of one test.
enum Folder {
  static func with(_ body: @Sendable (String, MultiThreadedEventLoopGroup) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "control-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let result: Result<Void, any Error>
    do { result = .success(try await body(folder.path, group)) } catch { result = .failure(error) }
    try await group.shutdownGracefully()
    try result.get()
  }
}
