import Dispatch
import Model
import Synchronization
import TestSupport
import Testing

@testable import Daemon

@Suite("Names of users", .timeLimit(.minutes(1)))
struct UserDatabaseTests {
  @Test("the name is the system's, or the number where nobody has it")
  func names() async {
    let users = UserDatabase(time: .system)
    #expect(await users.name(of: 0) == "root")
    #expect(await users.name(of: 4_000_000_123) == "4000000123")
  }

  @Test("a directory that does not answer holds up nobody, and its answer counts once it is there")
  func frozen() async throws {
    let gate = DispatchSemaphore(value: 0)
    let users = UserDatabase(time: .system) { uid in
      gate.wait()
      return "user \(uid)"
    }
    // More of them than there are threads for tasks.
    await withTaskGroup { group in
      for uid in UInt32(1)...32 { group.addTask { #expect(await users.name(of: uid) == "\(uid)") } }
    }
    for _ in 1...32 { gate.signal() }
    try await eventually("the answer is there") { await users.name(of: 32) == "user 32" }
  }

  @Test("is asked once for those who ask at the same time, and again after a while")
  func remembered() async {
    let clock = TurnedTime()
    let count = Atomic(0)
    let users = UserDatabase(time: clock.time) { _ in
      "clerk \(count.add(1, ordering: .relaxed).newValue)"
    }
    await withTaskGroup { group in
      for _ in 1...20 { group.addTask { #expect(await users.name(of: 7) == "clerk 1") } }
    }
    clock.turn(by: .seconds(301))
    #expect(await users.name(of: 7) == "clerk 2")
  }
}
