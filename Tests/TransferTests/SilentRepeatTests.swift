import Foundation
import Testing
import Transfer

/// On a reused HTTP/1.1 connection that ends early, libcurl sends a POST again without telling anybody.
@Suite struct SilentRepeatTests {
  /// The second request of the first connection is read whole, and the connection ends without an answer.
  private func secondPost(neverRepeat: Bool) async throws -> (Result<TransferResponse, TransferError>, [String]) {
    let server = try OneShotServer { connection, request in
      connection == 0 && request == 1 ? .close : .answer(OneShotServer.ok)
    }
    defer { server.stop() }
    let loop = TransferLoop()
    let url = try #require(TrustedURL(server.url, allowsLoopback: true))
    var request = TransferRequest(.post, url, body: .bytes(Data("first".utf8)), deadline: .total(.seconds(60)))
    request.neverRepeat = neverRepeat
    let first = await loop.perform(request)
    #expect((try? first.get())?.status == 200)
    request.body = .bytes(Data("second".utf8))
    let second = await loop.perform(request)
    await loop.shutdown()
    return (second, server.bodies)
  }

  @Test("libcurl repeats a POST that may be repeated: the trap is really there")
  func repeats() async throws {
    let (result, bodies) = try await secondPost(neverRepeat: false)
    #expect((try? result.get())?.status == 200)
    #expect(bodies == ["first", "second", "second"])
  }

  @Test("a POST that must never be repeated arrives once, and its end is unclear")
  func neverRepeats() async throws {
    let (result, bodies) = try await secondPost(neverRepeat: true)
    #expect(bodies == ["first", "second"])
    guard case .failure(let error) = result else {
      Issue.record("an answer came: \(result)")
      return
    }
    #expect(error.mayHaveArrived)
    #expect(error.status == nil)
  }
}
