import Testing

@testable import SSE

@Suite struct ReadinessTests {
  @Test("a refusal is not for ever")
  func refused() async throws {
    let readiness = Readiness()
    readiness.refuse(.daemonUnreachable)
    await #expect(throws: HTTPError.self) { try await readiness.wait() }
    readiness.refuse(.notFound)
    let refusal = await #expect(throws: HTTPError.self) { try await readiness.wait() }
    #expect(refusal?.code == "NotFound")
    readiness.allow()
    try await readiness.wait()
  }

  @Test("what can be joined stays so")
  func allowed() async throws {
    let readiness = Readiness()
    readiness.allow()
    readiness.refuse(.daemonUnreachable)
    try await readiness.wait()
  }

  @Test("those who wait are told, all of them")
  func waiting() async throws {
    let readiness = Readiness()
    try await withThrowingTaskGroup { group in
      for _ in 0..<10 { group.addTask { try await readiness.wait() } }
      readiness.allow()
      try await group.waitForAll()
    }
  }
}
