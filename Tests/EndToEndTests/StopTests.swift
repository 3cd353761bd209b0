import Foundation
import TestSupport
import Testing

@Suite("stopping the daemon", .startsPrograms)
struct StopTests {
  @Test("a SIGTERM as soon as the socket takes connections ends it in order, not by the signal")
  func early() async throws {
    let daemon = try await RunningDaemon(starts: false)
    for _ in 0..<5 {
      let program = try RunningProgram("invoiced", daemon.arguments)
      // As fast as it goes: what has to be met is the time before it is ready.
      let end = ContinuousClock.now + patience
      while (try? RawSocket(daemon.socket)) == nil, ContinuousClock.now < end, program.status == nil {
        await Task.yield()
      }
      program.kill(SIGTERM)
      #expect(try await program.end() == 0, "\(program.errors)")
    }
  }
}
