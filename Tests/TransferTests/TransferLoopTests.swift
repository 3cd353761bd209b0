import Foundation
import Testing
import Transfer

@Suite struct TransferLoopTests {
  private struct UnexpectedAnswer: Error {}

  private func request(
    _ server: OneShotServer, _ body: String? = nil, _ deadline: TransferRequest.Deadline = .total(.seconds(5))
  ) throws -> TransferRequest {
    let url = try #require(TrustedURL(server.url, allowsLoopback: true)).appending("/a?b=c")
    return TransferRequest(
      body == nil ? .get : .post, url, body: body.map { .bytes(Data($0.utf8)) } ?? .none, deadline: deadline)
  }

  private func error(_ result: Result<TransferResponse, TransferError>) throws -> TransferError {
    guard case .failure(let error) = result else { throw UnexpectedAnswer() }
    return error
  }

  @Test("an answer has its status, headers, body and version")
  func answer() async throws {
    let server = try OneShotServer { _, _ in .answer("HTTP/1.1 103 Early\r\nA: b\r\n\r\n" + OneShotServer.ok) }
    defer { server.stop() }
    let loop = TransferLoop()
    let answer = try await loop.perform(request(server, "hello")).get()
    #expect(answer.status == 200)
    #expect(answer.header("x-kind") == "yes")
    #expect(answer.header("a") == nil)
    #expect(answer.body == Data("ok".utf8))
    #expect(answer.version == .http1)
    #expect(server.bodies == ["hello"])
    await loop.shutdown()
  }

  @Test("a redirect is an answer like any other, and is not followed")
  func redirect() async throws {
    let server = try OneShotServer { _, _ in
      .answer("HTTP/1.1 307 Elsewhere\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")
    }
    defer { server.stop() }
    let loop = TransferLoop()
    let answer = try await loop.perform(request(server, "secret")).get()
    #expect(answer.status == 307)
    #expect(server.bodies == ["secret"])
    await loop.shutdown()
  }

  @Test("a refused connection proves that nothing was sent")
  func refused() async throws {
    let server = try OneShotServer { _, _ in .close }
    server.stop()
    let loop = TransferLoop()
    let error = try error(await loop.perform(request(server, "x")))
    #expect(error.cause == .curl(7))
    #expect(!error.mayHaveArrived)
    await loop.shutdown()
  }

  @Test("an answer that breaks off keeps its status, and is an error")
  func truncated() async throws {
    let server = try OneShotServer { _, _ in .answerAndClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf") }
    defer { server.stop() }
    let loop = TransferLoop()
    let error = try error(await loop.perform(request(server, "x")))
    #expect(error.cause == .curl(18))
    #expect(error.status == 200)
    #expect(error.mayHaveArrived)
    await loop.shutdown()
  }

  @Test("silence ends with the total time", .timeLimit(.minutes(1)))
  func totalTime() async throws {
    let server = try OneShotServer { _, _ in .silence }
    defer { server.stop() }
    let loop = TransferLoop()
    let error = try error(await loop.perform(request(server, "x", .total(.milliseconds(300)))))
    #expect(error.cause == .curl(28))
    #expect(error.mayHaveArrived)
    await loop.shutdown()
  }

  @Test("silence ends with the time without progress", .timeLimit(.minutes(1)))
  func stall() async throws {
    let server = try OneShotServer { _, _ in .silence }
    defer { server.stop() }
    let loop = TransferLoop()
    let error = try error(await loop.perform(request(server, "x", .stall(.milliseconds(300)))))
    #expect(error.cause == .stalled)
    #expect(error.mayHaveArrived)
    await loop.shutdown()
  }

  @Test("an answer that drips ends, too: its bytes are no progress", .timeLimit(.minutes(1)))
  func drip() async throws {
    let server = try OneShotServer { _, _ in
      .drip("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + String(repeating: "x", count: 1000), .milliseconds(50))
    }
    defer { server.stop() }
    let loop = TransferLoop()
    let error = try error(await loop.perform(request(server, "x", .stall(.milliseconds(400)))))
    #expect(error.cause == .stalled)
    #expect(error.mayHaveArrived)
    await loop.shutdown()
  }

  @Test("an answer over the bound is an error, whatever its status")
  func tooLarge() async throws {
    let large = String(repeating: "x", count: TransferResponse.maximumBodySizeInBytes + 1)
    let server = try OneShotServer { _, _ in
      .answerAndClose("HTTP/1.1 200 OK\r\nContent-Length: \(large.utf8.count)\r\n\r\n" + large)
    }
    defer { server.stop() }
    let loop = TransferLoop()
    let error = try error(await loop.perform(request(server)))
    #expect(error.cause == .answerTooLarge)
    #expect(error.status == 200)
    await loop.shutdown()
  }

  @Test("a cancelled task ends its request, unless the request hears no cancellation", .timeLimit(.minutes(1)))
  func cancellation() async throws {
    let server = try OneShotServer { _, _ in .silence }
    defer { server.stop() }
    let loop = TransferLoop()
    var request = try request(server, "x", .total(.seconds(50)))
    let (heard, deaf) = await withTaskGroup { group in
      group.addTask { [request] in await loop.perform(request) }
      group.cancelAll()
      let heard = await group.next()
      request.hearsCancellation = false
      request.deadline = .total(.milliseconds(300))
      group.addTask { [request] in await loop.perform(request) }
      return (heard, await group.next())
    }
    #expect(try error(#require(heard)).cause == .cancelled)
    #expect(try error(#require(deaf)).cause == .curl(28))
    await loop.shutdown()
  }

  @Test("connections are given up after the set number of requests, and no request is lost by it")
  func renewal() async throws {
    let server = try OneShotServer { _, _ in .answer(OneShotServer.ok) }
    defer { server.stop() }
    let loop = TransferLoop(TransferOptions(requestsPerConnection: 10))
    let request = try request(server, "x")
    for _ in 0..<35 { #expect(try await loop.perform(request).get().status == 200) }
    #expect(server.connectionCount == 4)
    #expect(server.bodies.count == 35)
    await loop.shutdown()
  }

  @Test("concurrent requests each get their own answer")
  func concurrent() async throws {
    let server = try OneShotServer { _, _ in .answer(OneShotServer.ok) }
    defer { server.stop() }
    let loop = TransferLoop(TransferOptions(requestsPerConnection: 7))
    let request = try request(server, "x")
    let count = await withTaskGroup { group in
      for _ in 0..<60 { group.addTask { (try? await loop.perform(request).get())?.status } }
      return await group.reduce(0) { $0 + ($1 == 200 ? 1 : 0) }
    }
    #expect(count == 60)
    await loop.shutdown()
  }

  @Test("after shutdown a request is refused, and a second shutdown returns")
  func shutdown() async throws {
    let server = try OneShotServer { _, _ in .answer(OneShotServer.ok) }
    defer { server.stop() }
    let loop = TransferLoop()
    await loop.shutdown()
    let error = try error(await loop.perform(request(server)))
    #expect(error.cause == .shutDown)
    #expect(!error.mayHaveArrived)
    await loop.shutdown()
  }

  @Test("shutdown waits for a request that hears no cancellation", .timeLimit(.minutes(1)))
  func shutdownWaits() async throws {
    let server = try OneShotServer { _, _ in .silence }
    defer { server.stop() }
    let loop = TransferLoop()
    var slow = try request(server, "x", .total(.milliseconds(400)))
    slow.hearsCancellation = false
    async let result = loop.perform(slow)
    while server.bodies.isEmpty { await Task.yield() }
    await loop.shutdown()
    #expect(try error(await result).cause == .curl(28))
  }

  @Test("a header with a line break is refused before anything is sent")
  func headerInjection() async throws {
    let server = try OneShotServer { _, _ in .answer(OneShotServer.ok) }
    defer { server.stop() }
    let loop = TransferLoop()
    var request = try request(server)
    request.headers = [("A", "b\r\nC: d")]
    #expect(try !error(await loop.perform(request)).mayHaveArrived)
    #expect(server.bodies.isEmpty)
    await loop.shutdown()
  }
}
