import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import SSE

@Suite struct HTTPSocketTests {
  @Test("addresses as people write them")
  func addresses() {
    #expect(HTTPSocket("127.0.0.1:8025") == .tcp(host: "127.0.0.1", port: 8025))
    #expect(HTTPSocket("[::1]:80") == .tcp(host: "::1", port: 80))
    #expect(HTTPSocket("pages.example:0") == .tcp(host: "pages.example", port: 0))
    #expect(HTTPSocket("unix:/run/invoiced-sse.sock") == .unix("/run/invoiced-sse.sock"))
  }

  @Test(
    "what is no address",
    arguments: [
      "", ":8025", "8025", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "unix:rel",
    ])
  func noAddress(text: String) {
    #expect(HTTPSocket(text) == nil)
  }

  @Test("a Unix socket is its owner's and its group's")
  func mode() async throws {
    let folder = try TemporaryFolder()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let channel = try await HTTPSocket.unix(folder("s")).bind(ServerBootstrap(group: group))
    let mode = try FileManager.default.attributesOfItem(atPath: folder("s"))[.posixPermissions] as? Int
    #expect(mode == 0o660)
    try await channel.close()
    try await group.shutdownGracefully()
  }

  @Test("what only this machine reaches")
  func local() throws {
    for text in ["127.0.0.1:1", "127.8.8.8:1", "[::1]:1", "localhost:1", "unix:/s"] {
      #expect(try #require(HTTPSocket(text)).isLocal, "\(text)")
    }
    for text in ["0.0.0.0:1", "[::]:1", "192.0.2.1:1", "128.0.0.1:1"] {
      #expect(try #require(HTTPSocket(text)).isLocal == false, "\(text)")
    }
  }
}
